import { add, grad, reshape, sum, type Tensor, type Tensor1D, tensor, tidy, tile } from '@tensorflow/tfjs-core';
import { integer } from '../errors.js';
import { sizeOf } from '../math/shape.js';
import type { RowDrift } from '../process/reverse.js';
import type { Rng } from '../rng/rng.js';
import { rowDot } from '../rows.js';

/** ∇·field at x, [B]; it may hold random directions that stay the same over a whole solve. */
export type Divergence = (field: RowDrift, x: Tensor, t: readonly number[]) => Tensor1D;

/** vᵀ (∂field/∂x) v for each row, by one derivative in reverse mode. */
const quadraticForm = (field: RowDrift, x: Tensor, t: readonly number[], v: Tensor): Tensor1D =>
  tidy(() => rowDot(grad((y: Tensor) => field(y, t))(x, v), v));

/** Unit vector from + j for each of the n rows of copy j. */
const basisRows = (from: number, k: number, n: number, shape: readonly number[]): Tensor => {
  const d = sizeOf(shape) / (k * n);
  const flat = new Float32Array(k * n * d);
  for (let row = 0; row < k * n; row++) flat[row * d + from + Math.floor(row / n)] = 1;
  return tensor(flat, [...shape]);
};

/**
 * The exact trace: one derivative for each of the D coordinates, taken in copies of the batch.
 * @param chunk how many coordinates share one evaluation; it multiplies the batch, and with it the memory
 */
export const exactTrace = (chunk = 64): Divergence => {
  integer('chunk', chunk, 1);
  return (field, x, t) =>
    tidy(() => {
      const n = x.shape[0]!;
      const d = x.size / n;
      let total: Tensor1D | undefined;
      for (let from = 0; from < d; from += chunk) {
        const k = Math.min(chunk, d - from);
        const copies = tile(reshape(x, [n, d]), [k, 1]); // [k·B, D]
        const shape = [k * n, ...x.shape.slice(1)];
        const times = Array.from({ length: k }, () => t).flat();
        const rows = quadraticForm(field, reshape(copies, shape), times, basisRows(from, k, n, shape));
        const part = sum(reshape(rows, [k, n]), 0) as Tensor1D;
        total = total === undefined ? part : (add(total, part) as Tensor1D);
      }
      return total!;
    });
};

/**
 * Hutchinson's estimate vᵀJv with the given directions, E[vvᵀ] = I: unbiased, one derivative. For symmetric J its
 * variance is 2Σ_{i≠j}J_ij² with signs and 2‖J‖_F² with normals. [Hutchinson 1990; Song 2021, eq. 40]
 * @param directions shaped like x; the caller's
 */
export const hutchinson =
  (directions: Tensor): Divergence =>
  (field, x, t) =>
    quadraticForm(field, x, t, directions);

/** Random signs, the directions with the smaller variance. */
export const signDirections = (shape: readonly number[], rng: Rng): Tensor => rng.rademacher(shape);

/** Standard normals. */
export const normalDirections = (shape: readonly number[], rng: Rng): Tensor => rng.normal(shape);
