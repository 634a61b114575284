import { add, exp, expandDims, logSumExp, mul, neg, sub, sum, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { reject, sameShape } from '../errors.js';
import {
  identity,
  logDeterminant,
  type Matrix,
  matrixProduct,
  solvePositive,
  symmetricFunction,
  transpose,
} from '../math/linear-algebra.js';
import { sizeOf } from '../math/shape.js';
import type { Interpolant } from '../process/interpolant.js';
import type { Transport } from '../process/transport.js';
import type { Score } from '../types.js';
import { covarianceOf, type Mixture, mixture } from './model.js';

/**
 * Two ends drawn together, (x_0, x_1) from a mixture in 2D dimensions, and all that a path between them passes: x_t is a
 * linear image of them and of noise, so that its law, its flow and its score are known.
 */

/** The mixture of (x_0, x_1) with each block of covariances, [[C_0, cross], [crossᵀ, C_1]]. */
const joined = (p0: Mixture, i: number, p1: Mixture, j: number, cross?: Matrix) => {
  const [first, last] = [covarianceOf(p0, i), covarianceOf(p1, j)];
  const zero = first.map(row => row.map(() => 0));
  const [upper, lower] = [cross ?? zero, transpose(cross ?? zero)];
  return {
    weight: p0.weights[i]! * p1.weights[j]!,
    mean: [...p0.means[i]!, ...p1.means[j]!],
    covariance: [...first.map((row, k) => [...row, ...upper[k]!]), ...last.map((row, k) => [...lower[k]!, ...row])],
  };
};

const sameSize = (p0: Mixture, p1: Mixture): void => sameShape('the second end', p1.shape, p0.shape);

/** x_0 and x_1 drawn apart. */
export const independentEnds = (p0: Mixture, p1: Mixture): Mixture => {
  sameSize(p0, p1);
  return mixture(p0.weights.flatMap((_, i) => p1.weights.map((__, j) => joined(p0, i, p1, j))));
};

const single = (p: Mixture): Matrix =>
  p.weights.length === 1 ? covarianceOf(p, 0) : reject('the number of components', p.weights.length, 'give Gaussians');

/** Two Gaussians with Cov(x_0, x_1) = cross, [D][D]. */
export const gaussianEnds = (p0: Mixture, p1: Mixture, cross: Matrix): Mixture => {
  sameSize(p0, p1);
  single(p0);
  single(p1);
  return mixture([joined(p0, 0, p1, 0, cross)]);
};

/**
 * Cov(x_0, x_1) of the Schrödinger bridge of two Gaussians, which of all couplings is nearest to Brownian motion of this
 * noise: ½(A^½ (4 A^½ B A^½ + noise⁴)^½ A^−½ − noise²). Its path is `straightPath(noise)`, and its SDE has h = noise. Without
 * noise it is the optimal transport. [Janati 2020; Mallasto 2022; Bunne 2023]
 */
export const bridgeCross = (p0: Mixture, p1: Mixture, noise = 0): number[][] => {
  sameSize(p0, p1);
  const [a, b] = [single(p0), single(p1)];
  const root = symmetricFunction(a, Math.sqrt);
  const inner = matrixProduct(matrixProduct(root, b), root);
  const even = inner.map((row, i) => row.map((v, j) => (v + inner[j]![i]!) / 2));
  const spread = symmetricFunction(even, v => Math.sqrt(4 * Math.max(v, 0) + noise ** 4));
  const back = symmetricFunction(a, v => 1 / Math.sqrt(v));
  const product = matrixProduct(matrixProduct(root, spread), back);
  return product.map((row, i) => row.map((v, j) => (v - (i === j ? noise ** 2 : 0)) / 2));
};

/** x_t of one component: N(mean, covariance), and b(x) = rate + gain (x − mean) of the paths of this component alone. */
export interface Passing {
  readonly weight: number;
  readonly mean: readonly number[];
  readonly covariance: Matrix;
  readonly rate: readonly number[];
  /** Cov(dx_t/dt, x_t) Cov(x_t)⁻¹. */
  readonly gain: Matrix;
}

/** What passes at time t, for each component of the ends. */
export const passing = (ends: Mixture, path: Interpolant, t: number): Passing[] => {
  const d = sizeOf(ends.shape) / 2;
  const index = Array.from({ length: d }, (_, i) => i);
  const [α, σ, γ] = [path.alpha(t), path.sigma(t), path.gamma(t)];
  const [dα, dσ, growth] = [path.alphaRate(t), path.sigmaRate(t), path.gammaGrowth(t)];
  return ends.weights.map((weight, k) => {
    const [m, c] = [ends.means[k]!, covarianceOf(ends, k)];
    /** Cov(a x_0 + b x_1, α x_0 + σ x_1) + own I. */
    const block = (a: number, b: number, own: number): number[][] =>
      index.map(i =>
        index.map(j => {
          const [first, last] = [α * c[i]![j]! + σ * c[i]![j + d]!, α * c[i + d]![j]! + σ * c[i + d]![j + d]!];
          return a * first + b * last + (i === j ? own : 0);
        }),
      );
    const covariance = block(α, σ, γ * γ);
    return {
      weight,
      mean: index.map(i => α * m[i]! + σ * m[i + d]!),
      covariance,
      rate: index.map(i => dα * m[i]! + dσ * m[i + d]!),
      gain: block(dα, dσ, growth).map(row => solvePositive(covariance, row)),
    };
  });
};

/** The law of x_t. */
export const lawBetween = (ends: Mixture, path: Interpolant, t: number): Mixture => mixture(passing(ends, path, t));

/** A matrix of each component and time, on vectors [K, B, D]. */
type Applied = (matrix: (p: Passing) => readonly number[], v: Tensor) => Tensor;

/** Flow and score of x_t, on tensors. @throws RangeError where x_t of a component has no density */
export const exactTransport = (ends: Mixture, path: Interpolant): Required<Transport> => {
  const d = sizeOf(ends.shape) / 2;
  const unit = identity(d);
  /** Σ over components of their share of x times `of` of what passes there, [K, B, D]. */
  const field =
    (of: (parts: { y: Tensor; steep: Tensor; rate: () => Tensor; applied: Applied }) => Tensor): Score =>
    (x, t) =>
      tidy(() => {
        sameShape('x', x.shape, [-1, d]);
        const times = typeof t === 'number' ? [t] : Array.from(t.dataSync());
        const at = times.map(time => passing(ends, path, Math.min(time, path.T))); // T itself may come rounded up
        const table = (shape: readonly number[], value: (p: Passing) => readonly number[]): Tensor => {
          const values = ends.weights.flatMap((_, k) => at.flatMap(parts => value(parts[k]!)));
          return tensor(Float32Array.from(values), [ends.weights.length, times.length, ...shape]);
        };
        const applied: Applied = (matrix, v) => sum(mul(table([d, d], matrix), expandDims(v, 2)), 3);
        const y = sub(
          x,
          table([d], p => p.mean),
        ); // [K, B, D]
        const steep = applied(p => unit.flatMap(e => solvePositive(p.covariance, e)), y);
        const constant = table([], p => [Math.log(p.weight) - 0.5 * logDeterminant(p.covariance)]);
        const log = add(constant, mul(sum(mul(y, steep), 2), -0.5)); // [K, B]
        const share = exp(sub(log, logSumExp(log, 0)));
        const each = of({ y, steep, rate: () => table([d], p => p.rate), applied });
        return sum(mul(expandDims(share, 2), each), 0);
      });
  return {
    T: path.T,
    velocity: field(({ y, rate, applied }) =>
      add(
        rate(),
        applied(p => p.gain.flat(), y),
      ),
    ),
    score: field(({ steep }) => neg(steep)),
  };
};
