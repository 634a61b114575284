import { add, div, mean, mul, norm, reshape, sqrt, square, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { positive } from '../errors.js';
import type { GaussianProcess, Score } from '../types.js';
import { fromRule, type Method } from './plan.js';
import type { MemoryStep } from './step.js';

/** How a corrector measures ‖·‖ of a batch [B, ...event]: one number, or one per row in a shape that broadcasts. */
export type BatchNorm = (x: Tensor) => Tensor;

const rowNorms = (x: Tensor): Tensor => norm(reshape(x, [x.shape[0]!, -1]), 2, 1);

/** The mean of ‖·‖ over the batch, as the authors' code takes it. It joins the rows of a batch. */
export const batchNorm: BatchNorm = x => mean(rowNorms(x));

/** ‖·‖ of each row by itself: rows stay independent. For events of few dimensions the step then varies wildly. */
export const rowNorm: BatchNorm = x => reshape(rowNorms(x), [x.shape[0]!, ...x.shape.slice(1).map(() => 1)]);

export interface LangevinOptions {
  /** α(t) of the step size: 1 for VE, and for VP 1 − β_i of the discrete chain. */
  readonly alpha?: (t: number) => number;
  readonly norm?: BatchNorm;
}

/**
 * One Langevin move at t: x + e s + √(2e) z with e = 2α(r‖z‖/‖s‖)². [Song 2021, algorithms 4 and 5]
 * On Gaussian data of variance V its stationary variance is V(1 + αr²), and (d + 2)/(d − 2) times that in d dimensions
 * with a norm for each row.
 * @param r the signal-to-noise ratio of the step, dimensionless
 */
export const langevin = (
  score: Score,
  r: number,
  { alpha = () => 1, norm: measure = batchNorm }: LangevinOptions = {},
): MemoryStep => {
  positive('r', r);
  return (x, t, _u, rng) =>
    tidy(() => {
      const z = rng.normal(x.shape);
      const s = score(x, t);
      const e = mul(square(div(measure(z), measure(s))), 2 * alpha(t) * r * r);
      return add(x, add(mul(e, s), mul(sqrt(mul(e, 2)), z)));
    });
};

/** A Langevin move with a given step: x + e s + √(2e) z, linear in x on Gaussian data. It stays at t. */
export const langevinWith = (e: (process: GaussianProcess, t: number) => number): Method =>
  fromRule((process, t) => {
    const step = positive('the Langevin step', e(process, t));
    return { a: 1, b: step, c: Math.sqrt(2 * step) };
  });

/**
 * One move of annealed Langevin dynamics: e = ½ ε σ(t)²/σ_min². Repeat it T times a level with `repeat`.
 * [Song & Ermon 2019, algorithm 1]
 */
export const annealedLangevin = (epsilon: number, sigmaMin: number): Method =>
  langevinWith((process, t) => 0.5 * epsilon * (process.sigma(t) / sigmaMin) ** 2);
