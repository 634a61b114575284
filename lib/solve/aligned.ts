import { finite, integer, monotone, positive, within } from '../errors.js';
import { integrate } from '../math/quadrature.js';
import { snr, varsigma } from '../process/gaussian.js';
import { timeOfScale } from '../process/inverse.js';
import type { GaussianProcess } from '../types.js';
import { logSnrTimes } from './times.js';

/**
 * What a sampler loses that holds x̂_0 fixed over each step of the reverse SDE, as `ddim(1)` does. With Girsanov's
 * theorem the divergence of its paths from the exact ones is ∑∫ ½ E‖x̂_0(x_τ) − x̂_0(x_t)‖² dS, S = 1/ς², over each
 * step from t to u. As x̂_0 is a martingale of reverse time, that difference is E(t) − E(τ), with E(t) = E‖x_0 − x̂_0‖²
 * the error of the best denoiser: half the area between the curve E(S) and the staircase on it. [Sabour 2024, eq. 12;
 * Guo 2005 for ∫ E dS]
 */

/** E‖x_0 − x̂_0‖² at time t, summed over dimensions: known exactly, or a network's denoising loss. It rises with t. */
export type DenoisingError = (t: number) => number;

/**
 * KL(exact paths ‖ paths of the sampler) in nats, when both start from the exact law: a bound on the divergence of the
 * samples, which is far less where later steps forget what earlier ones did wrong.
 * @param times fall and end above σ = 0
 */
export const pathDivergence = (process: GaussianProcess, error: DenoisingError, times: readonly number[]): number => {
  monotone('times', times, -1);
  positive(`σ(${times.at(-1)})`, process.sigma(times.at(-1)!), 'end at a larger time');
  let area = 0;
  for (let i = 1; i < times.length; i++) {
    const [t, u] = [times[i - 1]!, times[i]!];
    const [high, low] = [varsigma(process, t), varsigma(process, u)];
    const step = error(t);
    area += integrate(
      // dS = −2 S d log ς
      v => (2 * (step - error(Math.min(t, Math.max(u, timeOfScale(process, Math.exp(v))))))) / Math.exp(2 * v),
      Math.log(low),
      Math.log(high),
    );
  }
  return area / 2;
};

/** How many places of the grid are tried. */
const PLACES = 1000;

/** The denoising errors from late to early, none above one before it: what an estimate's noise would make of them. */
const falling = (values: readonly number[]): number[] => {
  let least = Number.POSITIVE_INFINITY;
  return values.map(value => {
    least = Math.min(least, value);
    return least;
  });
};

/**
 * The n steps between two times with the least `pathDivergence`, out of a thousand places even in log ς: by dynamic
 * programming, in which the best last step moves on with its end. Best for the paths is not best for the samples: even steps in log ς
 * end nearer to Gaussian data under VE, and with a sampler of order 2.
 * @param error the denoising error; between places where a noisy estimate does not rise with t, its least value counts
 * @throws RangeError for a wrong interval or an error that is negative or not finite
 */
export const alignedTimes = (
  process: GaussianProcess,
  error: DenoisingError,
  n: number,
  from: number,
  to: number,
): number[] => {
  integer('the number of steps', n, 1, PLACES);
  within('the last time', to, 0, finite('the first time', from), 'samplers run backwards');
  const places = logSnrTimes(process, PLACES, from, to);
  const errors = falling(places.map(t => within(`the denoising error at ${t}`, error(t), 0, Number.MAX_VALUE)));
  const signals = places.map(t => snr(process, t));
  const step = (a: number, b: number): number => errors[a]! * (signals[b]! - signals[a]!);
  let best = places.map((_, j) => (j === 0 ? 0 : Number.POSITIVE_INFINITY));
  const before: Int32Array[] = [];
  for (let k = 1; k <= n; k++) {
    const [next, chosen] = [places.map(() => Number.POSITIVE_INFINITY), new Int32Array(PLACES + 1)];
    // The ends lo, …, hi are reached best from places first, …, last, which rise with the end.
    const pending: [lo: number, hi: number, first: number, last: number][] = [[k, PLACES, k - 1, PLACES - 1]];
    while (pending.length > 0) {
      const [lo, hi, first, last] = pending.pop()!;
      if (lo > hi) continue;
      const middle = (lo + hi) >> 1;
      for (let a = first; a <= Math.min(last, middle - 1); a++) {
        const cost = best[a]! + step(a, middle);
        if (cost < next[middle]!) [next[middle], chosen[middle]] = [cost, a];
      }
      pending.push([lo, middle - 1, first, chosen[middle]!], [middle + 1, hi, chosen[middle]!, last]);
    }
    before.push(chosen);
    best = next;
  }
  let place = PLACES;
  const path = [to];
  for (const chosen of before.reverse()) {
    place = chosen[place]!;
    path.unshift(places[place]!);
  }
  return path;
};
