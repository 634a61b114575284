import { integer, positive, within } from '../errors.js';
import { normalCdf, normalDensity, normalQuantile } from '../math/normal.js';
import { logSnr } from '../process/gaussian.js';
import { timeOfLogSnr } from '../process/inverse.js';
import type { Rng } from '../rng/rng.js';
import type { GaussianProcess } from '../types.js';

/** How training times are distributed. A loss divides its weights by the density to keep its expectation. */
export interface TimeDistribution {
  /** The time below which a part u in [0, 1) of all times lie. */
  quantile(u: number): number;
  /** p(t), relative to the uniform distribution on the same interval, for which it is 1. */
  density(t: number): number;
}

/** B times, drawn independently. */
export const drawTimes = (distribution: TimeDistribution, batch: number, rng: Rng): Float64Array =>
  rng.uniforms(integer('batch', batch, 1)).map(distribution.quantile);

/**
 * B times, one from each of B equally likely parts, in order: the same expectation with less variance. Where the stream
 * gives one part of n, they are the B times of that part of the nB rows.
 */
export const stratifiedTimes = (distribution: TimeDistribution, batch: number, rng: Rng): Float64Array =>
  rng.uniforms(integer('batch', batch, 1)).map((u, i) => {
    const { index, count } = rng.shard;
    return distribution.quantile((index * batch + i + u) / (count * batch));
  });

/** t ~ U[lo, hi]. Training starts at ε, see `earliestTime`. */
export const uniformDistribution = (lo: number, hi: number): TimeDistribution => {
  within('the lower time', lo, 0, hi, 'the lower time comes first');
  return { quantile: u => lo + u * (hi - lo), density: () => 1 };
};

/**
 * p(t) ∝ g²/σ² = −d log SNR/dt on [lo, hi], times spread evenly in log-SNR: with λ = g² every time then contributes
 * alike. The constant ∫ g²/σ² dt is the fall of the log-SNR. [Song 2021b, arXiv 2101.09258, §4.2]
 */
export const importanceDistribution = (process: GaussianProcess, lo: number, hi: number): TimeDistribution => {
  within('the lower time', lo, Number.MIN_VALUE, hi, 'the SNR is infinite at 0; start at 1e-5');
  const from = logSnr(process, lo);
  const fall = from - logSnr(process, hi);
  return {
    quantile: u => timeOfLogSnr(process, from - u * fall, lo, hi),
    density: t => ((process.g(t) / process.sigma(t)) ** 2 * (hi - lo)) / fall,
  };
};

/**
 * ln ς ~ N(mean, deviation²), the training times of EDM, cut off to [lo, T]. [Karras 2022, table 1]
 */
export const logNormalDistribution = (
  process: GaussianProcess,
  { mean = -1.2, deviation = 1.2, lo = 1e-8 * process.T } = {},
): TimeDistribution => {
  positive('deviation', deviation);
  const { T } = process;
  const standard = (t: number) => (-logSnr(process, t) / 2 - mean) / deviation;
  // The normal law between these two, so that no draw is moved to an end.
  const below = normalCdf(standard(lo));
  const mass = normalCdf(standard(T)) - below;
  positive('the share of ln ς within the process', mass, 'choose mean and deviation for the scales of the process');
  return {
    quantile: u => timeOfLogSnr(process, -2 * (mean + deviation * normalQuantile(below + u * mass)), lo, T),
    // d ln ς/dt = g²/(2σ²).
    density: t =>
      ((normalDensity(standard(t)) / (deviation * mass)) * (process.g(t) / process.sigma(t)) ** 2 * (T - lo)) / 2,
  };
};
