import { add, clone, grad, keep, mul, sub, sum, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { positive } from '../errors.js';
import { perTime, scaleRows } from '../rows.js';
import type { GaussianProcess, Score } from '../types.js';
import { type Measurement, sameObservation } from './measurement.js';

/** What posterior guidance assumes of the observation and of x_0. */
export interface PosteriorOptions {
  /** σ_y, the noise of the observation. */
  readonly sigma: number;
  /** r(t)², the variance of x_0 given x_t that the guide assumes. */
  readonly spread: (t: number) => number;
  /** The weight of the guide; 1 is Bayes under the assumption. */
  readonly weight?: number;
}

type Time = Parameters<Score>[1];

/**
 * The score of p_t(x | y) with p(y | x_t) taken as N(A x̂_0(x), r² A Aᵀ + σ_y² I): s + (∂x̂_0/∂x)ᵀ Aᵀ (…)⁻¹ (y − A x̂_0).
 * It differentiates through the score, so the score has to have a gradient.
 * @param y [B, ...observed] or [1, ...observed]
 */
export const posteriorGuidance = (
  process: GaussianProcess,
  score: Score,
  { apply, precision }: Measurement,
  y: Tensor,
  { sigma, spread, weight = 1 }: PosteriorOptions,
): Score => {
  /** −½ rᵀ(…)⁻¹r summed over rows; its gradient is the guide. */
  const misfit = (state: Tensor, s: Tensor, t: Time): Tensor => {
    const denoised = add(
      scaleRows(
        state,
        perTime(t, time => 1 / process.alpha(time)),
      ),
      scaleRows(
        s,
        perTime(t, time => process.sigma(time) ** 2 / process.alpha(time)),
      ),
    );
    const seen = apply(denoised);
    sameObservation(y, seen);
    const rest = sub(y, seen);
    return mul(sum(mul(rest, precision(rest, perTime(t, spread), sigma * sigma))), -0.5);
  };
  return (x, t) =>
    tidy(() => {
      let s: Tensor | undefined; // the score that the derivative's forward pass computed, so that it is computed once
      const guide = grad((state: Tensor) => {
        const value = score(state, t);
        s = keep(clone(value));
        return misfit(state, value, t);
      })(x);
      const out = add(s!, mul(guide, weight));
      s!.dispose();
      return out;
    });
};

/** DPS: x̂_0 is taken for x_0 itself, r = 0, so σ_y has to be above 0. [Chung 2023, with the weight 1/σ_y²] */
export const dps = (
  process: GaussianProcess,
  score: Score,
  measurement: Measurement,
  y: Tensor,
  sigma: number,
  weight = 1,
): Score => {
  positive('sigma', sigma, 'DPS divides by the noise of the observation; for an exact one take pseudoinverseGuidance');
  return posteriorGuidance(process, score, measurement, y, { sigma, spread: () => 0, weight });
};

/**
 * ΠGDM: r² = v σ²/(α² v + σ²), the variance of x_0 given x_t for data of variance v in every direction.
 * [Song 2023 (ΠGDM), there with v = 1]
 */
export const pseudoinverseGuidance = (
  process: GaussianProcess,
  score: Score,
  measurement: Measurement,
  y: Tensor,
  sigma = 0,
  { dataVariance = 1, weight = 1 } = {},
): Score => {
  const spread = (t: number): number => {
    const [signal, noise] = [process.alpha(t) ** 2 * dataVariance, process.sigma(t) ** 2];
    return (dataVariance * noise) / (signal + noise);
  };
  return posteriorGuidance(process, score, measurement, y, { sigma, spread, weight });
};
