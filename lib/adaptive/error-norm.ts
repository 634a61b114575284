import { add, div, max, mean, mul, reshape, sqrt, square, stack, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { scaleRows } from '../rows.js';
import type { EmbeddedTableau } from '../samplers/tableaux.js';
import type { Tolerance } from './control.js';
import { weigh } from './dense.js';

/** Root mean square of a part over everything but its rows, [B]. */
const rowRms = (x: Tensor): Tensor => sqrt(mean(square(reshape(x, [x.shape[0]!, -1])), 1));

const rowNorms = (values: readonly Tensor[], sizes: readonly Tensor[], { rtol, atol }: Tolerance): Tensor =>
  max(stack(values.map((v, i) => rowRms(div(v, add(mul(sizes[i]!, rtol), atol))))), 0);

/** The largest over the parts of ‖value / (atol + rtol |size|)‖, read back as one number for each row. */
export const norms = (values: readonly Tensor[], sizes: readonly Tensor[], tol: Tolerance): ArrayLike<number> =>
  tidy(() => rowNorms(values, sizes, tol).dataSync());

/** Below the ratio of the two estimates in most steps, so that it seldom decides where the first one is sound. */
const GUARD = 0.02;

/**
 * The error of every row in units of the tolerance. With an error control for each sample the estimate may rest on a
 * single coordinate, and where a step is far too long it passes through 0 by accident. So the quartic part q of the
 * interpolant, of order h⁴, is a second witness: the error counts at least as GUARD rtol^{1/4} q^{5/4}, which has
 * order h⁵ too. On a mixture on the line this brings the worst of 99 rows from 9000 times the tolerance to some 50.
 */
export const stepErrors = (
  tableau: EmbeddedTableau,
  h: Float64Array,
  slopes: readonly (readonly Tensor[])[],
  sizes: readonly Tensor[],
  tol: Tolerance,
): ArrayLike<number> =>
  tidy(() => {
    const estimate = (weights: readonly number[]): Tensor =>
      rowNorms(
        weigh(weights, slopes).map(v => scaleRows(v, h)),
        sizes,
        tol,
      );
    const { error, dense } = tableau;
    if (dense === undefined) return estimate(error).dataSync();
    const values = stack([estimate(error), estimate(dense)]).dataSync(); // one wait for both
    const n = h.length;
    return Array.from(h, (_, i) => Math.max(values[i]!, GUARD * tol.rtol ** 0.25 * values[n + i]! ** 1.25));
  });
