import { tensor } from '@tensorflow/tfjs-core';
import { gaussian, type Mixture, marginal, mixture } from '../lib/exact/index.js';
import type { Rng } from '../lib/rng/rng.js';
import type { HostScore } from '../lib/solve/index.js';
import type { GaussianProcess } from '../lib/types.js';

/** Closed forms and examples that tests share. */

/** Three well separated bumps of different widths on the line. */
export const lineMixture = mixture([
  { weight: 0.5, mean: [-1.2], covariance: 0.04 },
  { weight: 0.3, mean: [0.4], covariance: 0.09 },
  { weight: 0.2, mean: [1.5], covariance: 0.01 },
]);

/** Three correlated bumps in the plane; every covariance has its own axes. */
export const planeMixture = mixture([
  {
    weight: 0.4,
    mean: [-1, -0.6],
    covariance: [
      [0.12, 0.06],
      [0.06, 0.08],
    ],
  },
  {
    weight: 0.35,
    mean: [1.1, 0.2],
    covariance: [
      [0.05, -0.03],
      [-0.03, 0.1],
    ],
  },
  { weight: 0.25, mean: [-0.1, 1.3], covariance: 0.04 },
]);

/** N((.3, −.5), unit variances, correlation .9). */
export const correlated = gaussian(
  [0.3, -0.5],
  [
    [1, 0.9],
    [0.9, 1],
  ],
);

/** Asserts nothing; the largest |a − b| over two lists. */
export const gap = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let worst = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    worst = difference > worst || Number.isNaN(difference) ? difference : worst;
  }
  return worst;
};

/** The slope of log error against log step, by least squares. */
export const slope = (steps: readonly number[], errors: readonly number[]): number => {
  const [x, y] = [steps.map(Math.log), errors.map(Math.log)];
  const centre = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length;
  const [mx, my] = [centre(x), centre(y)];
  const top = x.reduce((sum, v, i) => sum + (v - mx) * (y[i]! - my), 0);
  return top / x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
};

/**
 * A source of noise that makes a linear sampler show its coefficients: the batch has one row more than there are draws
 * plus one; draw i is 1 in row i + 2 and 0 elsewhere. With x = (0, 1, 0, 0, …) row 0 ends at the constant part, row 1
 * less row 0 is the factor on the initial state, and row i + 2 less row 0 the factor on noise i: no Monte Carlo error.
 */
export const basisRng = (rng: Rng, rows: number): Rng => {
  let drawn = 0;
  const next = (shape: readonly number[]) => {
    const row = 2 + drawn++;
    const each = shape.reduce((a, b) => a * b, 1) / rows;
    return tensor(
      Float32Array.from({ length: each * rows }, (_, i) => Number(Math.floor(i / each) === row)),
      [...shape],
    );
  };
  return { ...rng, normal: next };
};

/** ∇ log p_t of a mixture on the line for many points at once: each coordinate of x is a path of its own. */
export const scoreOfPaths =
  (model: Mixture, process: GaussianProcess): HostScore =>
  (x, t) => {
    const at = marginal(model, process, t);
    const v = at.variances.map(list => list[0]!);
    const m = at.means.map(list => list[0]!);
    const log = at.weights.map((w, k) => Math.log(w) - 0.5 * Math.log(v[k]!));
    return x.map(value => {
      const logs = log.map((l, k) => l - (value - m[k]!) ** 2 / (2 * v[k]!));
      const top = Math.max(...logs);
      let [total, pull] = [0, 0];
      logs.forEach((l, k) => {
        const w = Math.exp(l - top);
        total += w;
        pull += (w * (m[k]! - value)) / v[k]!;
      });
      return pull / total;
    });
  };

/** Increments w and areas ∫w ds of Brownian paths over equal steps of width h: [steps][paths]. */
export interface Increments {
  readonly h: number;
  readonly w: readonly (readonly number[])[];
  readonly area: readonly (readonly number[])[];
}

export const increments = (rng: Rng, steps: number, paths: number, h: number): Increments => {
  const draw = (): number[][] => Array.from({ length: steps }, () => Array.from(rng.normals(paths)));
  const w = draw().map(row => row.map(z => z * Math.sqrt(h)));
  const area = draw().map((row, i) => row.map((z, j) => (h / 2) * (w[i]![j]! + z * Math.sqrt(h / 3))));
  return { h, w, area };
};

/** The same paths over steps twice as wide. */
export const coarsen = ({ h, w, area }: Increments): Increments => {
  const half = Array.from({ length: w.length / 2 }, (_, i) => 2 * i);
  return {
    h: 2 * h,
    w: half.map(i => w[i]!.map((v, j) => v + w[i + 1]![j]!)),
    area: half.map(i => area[i]!.map((v, j) => v + area[i + 1]![j]! + h * w[i]![j]!)),
  };
};

/** The standard normals that make a step of `predictor` follow these increments. */
export const normalsOf = ({ h, w, area }: Increments, step: number): number[][] => {
  const z = w[step]!.map(v => v / Math.sqrt(h));
  return [z, area[step]!.map((v, j) => Math.sqrt(3) * ((2 * v) / (h * Math.sqrt(h)) - z[j]!))];
};

/**
 * Mean and variance of the free one of two coordinates of N(0, [[1, ρ], [ρ, 1]]) when VE's reverse diffusion runs with
 * the exact score and the other coordinate is replaced by y + σ z after every step: a recursion, since all is linear.
 */
export const replacementMoments = (
  process: GaussianProcess,
  rho: number,
  y: number,
  times: readonly number[],
): { mean: number; variance: number } => {
  const at = process.sigma(times[0]!) ** 2;
  let [mean, variance] = [0, 1 + at];
  let seen = { mean: 0, variance: 1 + at };
  for (let i = 1; i < times.length; i++) {
    const [high, low] = [process.sigma(times[i - 1]!) ** 2, process.sigma(times[i]!) ** 2];
    const determinant = (1 + high) ** 2 - rho * rho;
    const own = 1 - ((high - low) * (1 + high)) / determinant;
    const other = ((high - low) * rho) / determinant;
    mean = own * mean + other * seen.mean;
    variance = own * own * variance + other * other * seen.variance + (high - low);
    seen = { mean: y, variance: low };
  }
  return { mean, variance };
};
