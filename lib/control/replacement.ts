import { add, mul, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { Step } from '../solve/index.js';
import type { GaussianProcess } from '../types.js';
import { type Measurement, sameObservation } from './measurement.js';

/**
 * Puts what was seen, at the noise of time t, in the place of the seen part of x: x + Aᵀ(A Aᵀ)⁻¹(y_t − A x) with
 * y_t = α y + σ A z + α σ_y z′. It acts at its t, so after a predictor it is `arrived(replacement(…))`.
 * This is biased even with the exact score, because the free part never sees y itself: on a Gaussian pair with
 * correlation .9 and y = 1 the free mean is .63 where .9 is right; corrector moves in between repair most of it.
 * [Song 2021, app. I.2; I.3 for channels]
 * @param y [B, ...observed] or [1, ...observed]
 * @param sigma σ_y, the noise of the observation
 */
export const replacement =
  (process: GaussianProcess, { apply, adjoint, precision }: Measurement, y: Tensor, sigma = 0): Step =>
  (x, t, _u, rng) =>
    tidy(() => {
      const seen = apply(x);
      sameObservation(y, seen);
      const clean = add(mul(y, process.alpha(t)), mul(apply(rng.normal(x.shape)), process.sigma(t)));
      const noisy = sigma === 0 ? clean : add(clean, mul(rng.normal(clean.shape), process.alpha(t) * sigma));
      return add(x, adjoint(precision(sub(noisy, seen), 1, 0)));
    });
