import { symmetricEigenvalues } from '../math/eigenvalues.js';
import type { Matrix } from '../math/linear-algebra.js';
import { type Points, pairOf, type Samples } from './points.js';

/** Mean [D] and covariance [D][D]. */
export interface Moments {
  readonly mean: readonly number[];
  readonly covariance: Matrix;
}

/** The sample mean and the unbiased sample covariance. */
export const sampleMoments = ({ n, d, values }: Points): Moments => {
  const index = Array.from({ length: d }, (_, i) => i);
  const mean = index.map(k => {
    let total = 0;
    for (let i = 0; i < n; i++) total += values[i * d + k]!;
    return total / n;
  });
  const covariance = index.map(() => new Array<number>(d).fill(0));
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < d; k++) {
      const a = values[i * d + k]! - mean[k]!;
      for (let l = 0; l <= k; l++) covariance[k]![l]! += (a * (values[i * d + l]! - mean[l]!)) / (n - 1);
    }
  }
  for (const k of index) for (let l = 0; l < k; l++) covariance[l]![k] = covariance[k]![l]!;
  return { mean, covariance };
};

/** y ← y + a x on the first n entries. */
const addTo = (y: Float64Array, a: number, x: ArrayLike<number>, n: number): void => {
  if (a !== 0) for (let k = 0; k < n; k++) y[k]! += a * x[k]!;
};

/** The lower L with L Lᵀ = C. C may be singular: a pivot that is lost in rounding leaves a column of zeros. */
const factor = (c: Matrix): Float64Array[] => {
  const floor = c.length * Number.EPSILON * Math.max(...c.map((row, i) => row[i]!));
  const l = c.map(row => Float64Array.from(row));
  for (const [i, row] of l.entries()) {
    for (let j = 0; j <= i; j++) {
      const above = l[j]!;
      let rest = row[j]!;
      for (let k = 0; k < j; k++) rest -= row[k]! * above[k]!;
      if (i === j) row[j] = rest > floor ? Math.sqrt(rest) : 0;
      else row[j] = above[j]! > 0 ? rest / above[j]! : 0;
    }
    row.fill(0, i + 1);
  }
  return l;
};

/** tr (C^{½}C′C^{½})^{½}: the eigenvalues of LᵀC′L are those of C^{½}C′C^{½}, and need no root. */
const traceOfRoot = (c: Matrix, other: Matrix): number => {
  const l = factor(c);
  const inner = c.map(() => new Float64Array(c.length));
  for (const [i, row] of other.entries()) {
    const product = new Float64Array(c.length); // row i of C′L
    for (const [k, value] of row.entries()) addTo(product, value, l[k]!, k + 1);
    for (let j = 0; j <= i; j++) addTo(inner[j]!, l[i]![j]!, product, j + 1);
  }
  return symmetricEigenvalues(inner).reduce((sum, value) => sum + Math.sqrt(Math.max(value, 0)), 0);
};

/**
 * The squared 2-Wasserstein distance of two Gaussians, ‖m − m′‖² + tr(C + C′ − 2(C^{½}C′C^{½})^{½}). Half a minute for 2048
 * dimensions. [Dowson & Landau 1982]
 */
export const gaussianFrechet = (p: Moments, q: Moments): number =>
  p.mean.reduce((sum, m, i) => sum + (m - q.mean[i]!) ** 2 + p.covariance[i]![i]! + q.covariance[i]![i]!, 0) -
  2 * traceOfRoot(p.covariance, q.covariance);

/**
 * The Fréchet distance of two sets of samples [n, ...event] and [m, ...event], of images most often their features: that
 * of the Gaussians with their means and unbiased covariances. From few samples it comes out too large: for one law
 * N(m, I) in d dimensions and n samples of each by (2d + d(d + 1)/2)/n, so that only figures of equal numbers compare.
 * [Heusel 2017; Chong & Forsyth 2020 for the bias]
 */
export const frechetDistance = (x: Samples, y: Samples): number => {
  const [a, b] = pairOf(x, y);
  return gaussianFrechet(sampleMoments(a), sampleMoments(b));
};
