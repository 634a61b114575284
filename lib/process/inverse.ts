import { reject } from '../errors.js';
import { bisect } from '../math/bisect.js';
import type { GaussianProcess } from '../types.js';
import { logSnr, varsigma } from './gaussian.js';

/**
 * The time at which ς = σ/α has this value, by bisection on [0, T] to the last bit (ς rises with t).
 * @throws RangeError when ς does not take the value on [0, T].
 */
export const timeOfScale = (process: GaussianProcess, scale: number): number => {
  const [lo, hi] = [0, process.T];
  const [least, most] = [varsigma(process, lo), varsigma(process, hi)];
  if (!(scale >= least && scale <= most)) {
    reject('the scale ς', scale, `it runs from ${least} to ${most} on [0, ${hi}]`);
  }
  return bisect(t => varsigma(process, t) < scale, lo, hi);
};

/** The time at which the log-SNR, which falls, passes this value, by bisection of [lo, hi] to the last bit. */
export const timeOfLogSnr = (process: GaussianProcess, value: number, lo = 0, hi = process.T): number =>
  bisect(t => logSnr(process, t) > value, lo, hi);

/**
 * ε = 1e-5 T, the time at which data stand in training and likelihood: at 0 itself the score may be singular.
 * [Song 2021, app. C]
 */
export const earliestTime = ({ T }: Pick<GaussianProcess, 'T'>): number => 1e-5 * T;
