import { add, div, mean, mul, sqrt, square, type Tensor } from '@tensorflow/tfjs-core';
import { positive } from '../errors.js';
import { perRow, rowLengths } from '../rows.js';
import type { GaussianProcess } from '../types.js';
import { fromCoefficients, type Sampler } from './plan.js';

/** How a corrector measures ‖·‖ of a batch [B, ...event]: one number, or one per row in a shape that broadcasts. */
export type Norm = (x: Tensor) => Tensor;

/** The mean of ‖·‖ over the batch, as the authors' code takes it. It joins the rows of a batch. */
export const meanNorm: Norm = x => mean(rowLengths(x));

/** ‖·‖ of each row by itself: rows stay independent. For events of few dimensions the step then varies wildly. */
export const rowNorm: Norm = x => perRow(rowLengths(x), x);

/**
 * A Langevin move at t, x + e s + √(2e) z, whose step e = ratio (‖z‖/‖s‖)² depends on the score: a number for every
 * time, computed on the host, and a way to measure. `langevinMove` is its one rule for tensors.
 */
export interface Corrector {
  /** What (‖z‖/‖s‖)² is multiplied by at time t. */
  ratio(process: GaussianProcess, t: number): number;
  readonly norm: Norm;
}

/** What varies between Langevin correctors beside r. */
export interface LangevinOptions {
  /** α(t) of the step size: 1 for VE, and for VP 1 − β_i of the discrete chain. */
  readonly alpha?: (t: number) => number;
  readonly norm?: Norm;
}

/**
 * The corrector of predictor–corrector sampling: e = 2α(r‖z‖/‖s‖)². [Song 2021, algorithms 4 and 5]
 * On Gaussian data of variance V its stationary variance is V(1 + αr²), and (d + 2)/(d − 2) times that in d dimensions
 * with a norm for each row.
 * @param r the signal-to-noise ratio of the step, dimensionless
 */
export const langevin = (r: number, { alpha = () => 1, norm = meanNorm }: LangevinOptions = {}): Corrector => {
  positive('r', r);
  return { ratio: (_, t) => 2 * alpha(t) * r * r, norm };
};

/**
 * x + e s + √(2e) z with e = ratio (‖z‖/‖s‖)².
 * @param ratio a number, or a scalar tensor where it is an input of a compiled program
 */
export const langevinMove = (norm: Norm, x: Tensor, s: Tensor, z: Tensor, ratio: number | Tensor): Tensor => {
  const e = mul(square(div(norm(z), norm(s))), ratio);
  return add(x, add(mul(e, s), mul(sqrt(mul(e, 2)), z)));
};

/** A Langevin move with a given step: x + e s + √(2e) z, linear in x on Gaussian data. It stays at t. */
export const fixedLangevin = (e: (process: GaussianProcess, t: number) => number): Sampler =>
  fromCoefficients((process, t) => {
    const step = positive('the Langevin step', e(process, t));
    return { a: 1, b: step, c: Math.sqrt(2 * step) };
  });

/**
 * One move of annealed Langevin dynamics: e = ½ ε σ(t)²/σ_min². Repeat it T times a level with `repeat`.
 * [Song & Ermon 2019, algorithm 1]
 */
export const annealedLangevin = (epsilon: number, sigmaMin: number): Sampler =>
  fixedLangevin((process, t) => 0.5 * epsilon * (process.sigma(t) / sigmaMin) ** 2);
