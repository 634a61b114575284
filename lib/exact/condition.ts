import { positive, reject } from '../errors.js';
import {
  dot,
  logDeterminant,
  type Matrix,
  matrixProduct,
  matrixVector,
  solvePositive,
  transpose,
} from '../math/linear-algebra.js';
import { covarianceOf, type Mixture, mixture } from './model.js';

/** y = A x + σ ε, seen. */
export interface Observation {
  /** A, rows of length D. */
  readonly matrix: Matrix;
  readonly value: readonly number[];
  /** σ; 0 for an exact observation. */
  readonly sigma: number;
}

/** Gain, new mean and covariance, and log p(y), of one Gaussian. */
const update = (mean: readonly number[], c: Matrix, { matrix, value, sigma }: Observation) => {
  const ac = matrixProduct(matrix, c); // [M][D]
  const s = matrixProduct(ac, transpose(matrix)).map((row, i) => row.map((v, j) => (i === j ? v + sigma * sigma : v)));
  const residual = matrixVector(matrix, mean).map((v, i) => value[i]! - v);
  const solved = solvePositive(s, residual);
  const gain = transpose(ac).map(column => solvePositive(s, column)); // C Aᵀ S⁻¹, [D][M]
  const newMean = mean.map((m, i) => m + dot(gain[i]!, residual));
  const reduced = matrixProduct(gain, ac);
  // Averaging with the transpose keeps the covariance symmetric through rounding.
  const covariance = c.map((row, i) => row.map((v, j) => 0.5 * (v - reduced[i]![j]! + c[j]![i]! - reduced[j]![i]!)));
  const log = -0.5 * (dot(residual, solved) + logDeterminant(s) + value.length * Math.log(2 * Math.PI));
  return { mean: newMean, covariance, log };
};

/**
 * The law of x given y = A x + σ ε: the Kalman update of every component, weights by their evidence.
 * An exact observation (σ = 0) leaves a covariance of lower rank, which may be diffused but has no density.
 * @throws RangeError when A and y disagree in size.
 */
export const condition = (model: Mixture, observation: Observation): Mixture => {
  const { matrix, value, sigma } = observation;
  if (matrix.length !== value.length) {
    reject('the observation', value, `give ${matrix.length} values, one per row of the matrix`);
  }
  if (sigma !== 0) positive('sigma of the observation', sigma);
  const parts = model.weights.map((w, k) => {
    const part = update(model.means[k]!, covarianceOf(model, k), observation);
    return { ...part, log: part.log + Math.log(w) };
  });
  const top = Math.max(...parts.map(p => p.log));
  const likely = parts.filter(p => Math.exp(p.log - top) > 0);
  return mixture(
    likely.map(p => ({ weight: Math.exp(p.log - top), mean: p.mean, covariance: diagonalise(p.covariance) })),
    model.shape,
  );
};

/** A diagonal covariance is kept as one, so that no eigenbasis is carried along for nothing. */
const diagonalise = (c: Matrix): Matrix | number[] =>
  c.every((row, i) => row.every((v, j) => i === j || v === 0)) ? c.map((row, i) => Math.max(row[i]!, 0)) : c;
