import { add, exp, mean, mul, neg, type Scalar, type Tensor1D, tidy } from '@tensorflow/tfjs-core';
import { perRow } from '../rows.js';
import type { Apply } from '../score/score.js';
import type { DenoisingBatch } from './batch.js';
import { denoisingErrors } from './denoising.js';

/**
 * The denoising loss of a network that says how sure it is, the mean of e^{−u} λ‖·‖² + u: what it learns weighs alike at
 * all noise levels, and the best u is the logarithm of the loss there. [Karras 2024, eq. 21]
 * @param uncertainty u for each label [B] → [B]
 */
export const uncertainLossOf =
  (apply: Apply, uncertainty: (label: Tensor1D) => Tensor1D) =>
  ({ x0, epsilon, rows }: DenoisingBatch): Scalar =>
    tidy(() => {
      const u = perRow(uncertainty(rows.label), x0);
      return mean(add(mul(exp(neg(u)), denoisingErrors(apply, x0, epsilon, rows)), u)) as Scalar;
    });
