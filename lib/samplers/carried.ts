import { varsigma } from '../process/gaussian.js';
import { timeOfScale } from '../process/inverse.js';
import type { GaussianProcess } from '../types.js';
import { combineRows, type Row, rows } from './plan.js';

/**
 * What a multistep sampler carries on from its last evaluations: a slowly changing q of the exact solution
 * x_u = state x_t + ∫ weight q dς + σ_u √(1 − shrink²) z, ς running from ς_t down to ς_u.
 */
export interface Carried {
  /** q at time t, from the state and the score of stage 0. */
  row(process: GaussianProcess, t: number): Row;
  /** The factor on the state, when noise ν g enters. */
  state(process: GaussianProcess, t: number, u: number, noise: number): number;
  /** The factor on q dς at ς. */
  weight(process: GaussianProcess, u: number, scale: number, noise: number): number;
  /** ∫ weight dς from t to u: what a q that stays as it is adds. */
  total(process: GaussianProcess, t: number, u: number, noise: number): number;
  /** The deviation of the noise that is new at u. */
  deviation(process: GaussianProcess, t: number, u: number, noise: number): number;
}

/** x̂_0 = (x + σ² s)/α. [Lu 2022b, eq. 9; Xue 2023, eq. 13] */
export const carriedData: Carried = {
  row: (process, t) =>
    combineRows([
      [1 / process.alpha(t), rows.state],
      [process.sigma(t) ** 2 / process.alpha(t), rows.score(0)],
    ]),
  state: (process, t, u, noise) =>
    (process.alpha(u) / process.alpha(t)) * (varsigma(process, u) / varsigma(process, t)) ** (1 + noise * noise),
  weight: (process, u, scale, noise) =>
    (-process.alpha(u) * (1 + noise * noise) * (varsigma(process, u) / scale) ** (1 + noise * noise)) / scale,
  total: (process, t, u, noise) =>
    -process.alpha(u) * Math.expm1((1 + noise * noise) * Math.log(varsigma(process, u) / varsigma(process, t))),
  deviation: (process, t, u, noise) =>
    process.sigma(u) *
    Math.sqrt(-Math.expm1(2 * noise * noise * Math.log(varsigma(process, u) / varsigma(process, t)))),
};

/** ε = −σ s. [Zhang & Chen 2023, eq. 10] */
export const carriedNoise: Carried = {
  row: (process, t) => combineRows([[-process.sigma(t), rows.score(0)]]),
  state: (process, t, u) => process.alpha(u) / process.alpha(t),
  weight: (process, u, _, noise) => process.alpha(u) * (1 + noise * noise),
  total: (process, t, u, noise) =>
    process.alpha(u) * (1 + noise * noise) * (varsigma(process, u) - varsigma(process, t)),
  deviation: (process, t, u, noise) => {
    const [high, low] = [varsigma(process, t), varsigma(process, u)];
    return noise * process.alpha(u) * Math.sqrt((high - low) * (high + low));
  },
};

/** The variable in which q is a polynomial, as a function of ς. */
export type Axis = (process: GaussianProcess, scale: number) => number;

/** log(α/σ) = −log ς. */
export const alongSignal: Axis = (_, scale) => -Math.log(scale);
/** ς itself. */
export const alongScale: Axis = (_, scale) => scale;
/** t. */
export const alongTime: Axis = timeOfScale;
