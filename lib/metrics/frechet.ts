import { type Matrix, matrixProduct, symmetricEigen } from '../math/linear-algebra.js';
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

/** The symmetric root of a positive semidefinite matrix. */
const squareRoot = (matrix: Matrix): number[][] => {
  const { values, vectors } = symmetricEigen(matrix);
  return matrix.map((_, i) =>
    matrix.map((__, j) => vectors.reduce((sum, v, k) => sum + Math.sqrt(Math.max(values[k]!, 0)) * v[i]! * v[j]!, 0)),
  );
};

/**
 * The squared 2-Wasserstein distance of two Gaussians, ‖m − m′‖² + tr(C + C′ − 2(C^{½}C′C^{½})^{½}); of features of images
 * it is the FID. [Dowson & Landau 1982]
 */
export const gaussianFrechet = (p: Moments, q: Moments): number => {
  const root = squareRoot(p.covariance);
  const inner = matrixProduct(matrixProduct(root, q.covariance), root);
  const symmetric = inner.map((row, i) => row.map((v, j) => 0.5 * (v + inner[j]![i]!)));
  const { values } = symmetricEigen(symmetric);
  return p.mean.reduce((sum, m, i) => {
    const own = p.covariance[i]![i]! + q.covariance[i]![i]! - 2 * Math.sqrt(Math.max(values[i]!, 0));
    return sum + (m - q.mean[i]!) ** 2 + own;
  }, 0);
};

/** The Fréchet distance of two sets of samples [n, ...event] and [m, ...event], by their means and covariances. */
export const frechetDistance = (x: Samples, y: Samples): number => {
  const [a, b] = pairOf(x, y);
  return gaussianFrechet(sampleMoments(a), sampleMoments(b));
};
