import { integer, monotone, positive, within } from '../errors.js';
import type { NoiseRate } from './schedules.js';

/**
 * A Markov chain x_i = factor(i) x_{i−1} + deviation(i) z_i for i = 1, …, N and its kernel
 * p(x_i | x_0) = N(alpha(i) x_0, sigma(i)² I); alpha(0) = 1, sigma(0) = 0.
 */
export interface Chain {
  readonly N: number;
  /** What step i keeps of x_{i−1}, i = 1, …, N. */
  factor(i: number): number;
  /** The standard deviation of the noise that step i adds. */
  deviation(i: number): number;
  /** The factor on x_0 in x_i, i = 0, …, N. */
  alpha(i: number): number;
  /** The standard deviation of x_i given x_0. */
  sigma(i: number): number;
}

/** Reads entry i = 1, …, N of a list. */
const reader =
  (name: string, values: ArrayLike<number>) =>
  (i: number): number =>
    values[integer(name, i, 1, values.length) - 1]!;

/** DDPM's chain x_i = √(1 − β_i) x_{i−1} + √β_i z with β_1, …, β_N in (0, 1). [Song 2021, eq. 10] */
export const ddpmChain = (betas: ArrayLike<number>): Chain => {
  let log = 0;
  const logs = Array.from(betas, (beta, i) => {
    log += Math.log1p(-within(`beta ${i + 1}`, beta, 0, 1 - Number.EPSILON));
    return log; // log of ∏(1 − β_j)
  });
  const beta = reader('i', betas);
  const logAt = reader('i', logs);
  return {
    N: betas.length,
    factor: i => Math.sqrt(1 - beta(i)),
    deviation: i => Math.sqrt(beta(i)),
    alpha: i => (i === 0 ? 1 : Math.exp(logAt(i) / 2)),
    sigma: i => (i === 0 ? 0 : Math.sqrt(-Math.expm1(logAt(i)))),
  };
};

/** SMLD's chain x_i = x_{i−1} + √(σ_i² − σ_{i−1}²) z with rising levels σ_1, …, σ_N and σ_0 = 0. [Song 2021, eq. 8] */
export const smldChain = (levels: ArrayLike<number>): Chain => {
  monotone('levels', levels, 1);
  const level = reader('i', levels);
  return {
    N: levels.length,
    factor: () => 1,
    deviation: i => {
      const before = i === 1 ? 0 : level(i - 1);
      return Math.sqrt((level(i) - before) * (level(i) + before));
    },
    alpha: () => 1,
    sigma: i => (i === 0 ? 0 : level(i)),
  };
};

/** N levels in geometric progression from σ_min to σ_max; NCSN has 10 from .01 to 1, NCSNv2 232 up to 50 on CIFAR-10. */
export const geometricLevels = (N: number, sigmaMin = 0.01, sigmaMax = 50): Float64Array => {
  integer('N', N, 2);
  const rate = Math.log(positive('sigmaMax', sigmaMax) / positive('sigmaMin', sigmaMin));
  return Float64Array.from({ length: N }, (_, i) => sigmaMin * Math.exp((rate * i) / (N - 1)));
};

/** β_1, …, β_N evenly spaced; DDPM has 1000 from 1e-4 to .02. [Ho 2020, §4] */
export const linearBetas = (N = 1000, first = 1e-4, last = 0.02): Float64Array => {
  integer('N', N, 2);
  return Float64Array.from({ length: N }, (_, i) => first + (i / (N - 1)) * (last - first));
};

/** β_i whose roots are evenly spaced, as in Stable Diffusion: 1000 from .00085 to .012. */
export const scaledLinearBetas = (N = 1000, first = 0.00085, last = 0.012): Float64Array =>
  linearBetas(N, Math.sqrt(first), Math.sqrt(last)).map(root => root * root);

/** β_i = β(iT/N) T/N, whose chain tends to the VP process with this β as 1/N. [Song 2021, app. B] */
export const sampledBetas = ({ beta }: NoiseRate, N: number, T = 1): Float64Array =>
  Float64Array.from({ length: integer('N', N, 1) }, (_, i) => (beta(((i + 1) * T) / N) * T) / N);

/**
 * The largest distance between two of these points, the σ_max that NCSNv2 recommends. [Song & Ermon 2020, technique 1]
 * @param points rows of `dimension` numbers, end to end
 */
export const largestDistance = (points: ArrayLike<number>, dimension: number): number => {
  const rows = integer('the number of points', points.length / integer('dimension', dimension, 1), 1);
  let largest = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = 0; k < dimension; k++) sum += (points[i * dimension + k]! - points[j * dimension + k]!) ** 2;
      if (sum > largest) largest = sum;
    }
  }
  return Math.sqrt(largest);
};
