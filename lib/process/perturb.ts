import { add, mul, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { sameShape, within } from '../errors.js';
import type { Rng } from '../rng/rng.js';
import { perRow } from '../rows.js';
import type { GaussianProcess } from '../types.js';

/**
 * The standard deviation of x_T for data of mean 0 and this variance: √(α(T)² v + σ(T)²). With v = 1 it is 1 for VP,
 * with v = σ_min² it is σ_max for the geometric VE: the priors of Song 2021. With v = 0 it is that of the kernel.
 */
export const priorDeviation = (process: GaussianProcess, dataVariance = 1): number =>
  Math.hypot(process.alpha(process.T) * Math.sqrt(dataVariance), process.sigma(process.T));

/** x_T ~ N(0, priorDeviation² I), of this shape [B, ...event]. */
export const prior = (process: GaussianProcess, shape: readonly number[], rng: Rng, dataVariance = 1): Tensor =>
  tidy(() => mul(rng.normal(shape), priorDeviation(process, dataVariance)));

/**
 * x_t = α(t) x_0 + σ(t) ε, each row at its own time.
 * @param x0 [B, ...event]
 * @param t B times in [0, T]
 * @param noise ε, shaped like x0
 */
export const perturb = (process: GaussianProcess, x0: Tensor, t: ArrayLike<number>, noise: Tensor): Tensor => {
  sameShape('noise', noise.shape, x0.shape);
  const times = Array.from(t, (value, i) => within(`t[${i}]`, value, 0, process.T));
  return tidy(() => {
    const alpha = perRow(times.map(process.alpha), x0); // [B, 1, …]
    const sigma = perRow(times.map(process.sigma), x0); // [B, 1, …]
    return add(mul(alpha, x0), mul(sigma, noise));
  });
};
