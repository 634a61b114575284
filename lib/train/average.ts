import { positive, within } from '../errors.js';
import { bisect } from '../math/bisect.js';

/** A running average of the parameters, θ̄ ← d(n) θ̄ + (1 − d(n)) θ after step n = 1, 2, …; it starts at the first θ. */
export interface Average {
  readonly name: string;
  /** d(n) in [0, 1). */
  decay(n: number): number;
}

/**
 * The exponential average of the original code: a constant decay, from (1 + n)/(10 + n) on, so that it forgets the first
 * values.
 */
export const exponentialAverage = (decay = 0.999, name = 'average'): Average => {
  within('decay', decay, 0, 1 - 1e-12);
  return { name, decay: n => Math.min(decay, (1 + n) / (10 + n)) };
};

/** The relative width σ of the profile τ^γ on [0, 1]: its standard deviation. [Karras 2024, eq. 123] */
export const widthOf = (gamma: number): number => Math.sqrt(gamma + 1) / ((gamma + 2) * Math.sqrt(gamma + 3));

/** The γ whose profile has this relative width: 16.97 for .05, 6.94 for .1. @throws RangeError outside (0, √(1/12)) */
export const gammaOf = (width: number): number => {
  positive('the width of the average', width);
  within('the width of the average', width, 0, widthOf(0), 'wider than the flat average it cannot be');
  return bisect(gamma => widthOf(gamma) > width, 0, 1 / width ** 2);
};

/**
 * An average whose window grows with the run: step τ of n weighs as τ^γ, so that its width is a share of the run's
 * length. Two of them, kept from time to time, give every other width afterwards: see `postHoc`. [Karras 2024, eq. 122]
 * @param width the standard deviation of the window over the length of the run
 */
export const powerAverage = (width: number, name = `power ${width}`): Average => {
  const gamma = gammaOf(width);
  return { name, decay: n => (1 - 1 / n) ** (gamma + 1) };
};
