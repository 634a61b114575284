import { within } from '../errors.js';
import type { Rng } from '../rng/rng.js';

/** B training times for a batch. */
export type TimeSampler = (batch: number, rng: Rng) => Float64Array;

const interval = (lo: number, hi: number): void => {
  within('the lower time', lo, 0, hi, 'the lower time comes first');
};

/** t ~ U[lo, hi]. Training takes lo = ε = 1e-5, since λ or the score may be singular at 0. [Song 2021, app. C] */
export const uniformTimes = (lo: number, hi: number): TimeSampler => {
  interval(lo, hi);
  return (batch, rng) => rng.uniforms(batch).map(u => lo + u * (hi - lo));
};

/** One time in each of B equal parts of [lo, hi], in order: the same mean as uniform times with less variance. */
export const stratifiedTimes = (lo: number, hi: number): TimeSampler => {
  interval(lo, hi);
  return (batch, rng) => rng.uniforms(batch).map((u, i) => lo + ((i + u) / batch) * (hi - lo));
};
