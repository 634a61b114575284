import { reject } from '../errors.js';
import type { Matrix } from './linear-algebra.js';

/** A symmetric matrix with zeros but on three diagonals. */
interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** The one beside it; its last entry is 0. */
  readonly beside: Float64Array;
}

/** u with (I − u uᵀ/h) x along the last axis, h = ‖u‖²/2, and the entry that is left; h = 0 where x is that already. */
const reflector = (x: Float64Array): { h: number; left: number } => {
  const last = x.length - 1;
  const end = x[last]!;
  let squares = 0;
  for (let i = 0; i < last; i++) squares += x[i]! ** 2;
  if (squares === 0) return { h: 0, left: end };
  const left = -Math.sign(end || 1) * Math.sqrt(squares + end * end);
  x[last] = end - left;
  return { h: left * left - end * left, left };
};

/** Reflections from both sides, row by row from the last. [Householder; Golub & Van Loan, sect. 8.3] */
const tridiagonal = (rows: readonly Float64Array[]): Tridiagonal => {
  const beside = new Float64Array(rows.length);
  const p = new Float64Array(rows.length);
  for (let i = rows.length - 1; i > 0; i--) {
    const u = rows[i]!.subarray(0, i);
    const { h, left } = reflector(u);
    beside[i - 1] = left;
    if (h === 0) continue;
    p.fill(0, 0, i); // A u/h of what is left of the matrix, of which each row ends at the diagonal
    for (let j = 0; j < i; j++) {
      const row = rows[j]!;
      let sum = row[j]! * u[j]!;
      for (let k = 0; k < j; k++) {
        sum += row[k]! * u[k]!;
        p[k]! += row[k]! * u[j]!;
      }
      p[j]! += sum;
    }
    let along = 0;
    for (let j = 0; j < i; j++) {
      p[j]! /= h;
      along += p[j]! * u[j]!;
    }
    for (let j = 0; j < i; j++) p[j]! -= (along / (2 * h)) * u[j]!;
    for (let j = 0; j < i; j++) {
      const [row, a, b] = [rows[j]!, p[j]!, u[j]!];
      for (let k = 0; k <= j; k++) row[k]! -= a * u[k]! + b * p[k]!;
    }
  }
  return { diagonal: Float64Array.from(rows, (row, i) => row[i]!), beside };
};

/** How many eigenvalues lie below x: the signs of the pivots of A − x I. [Sylvester's law of inertia] */
const below = ({ diagonal, beside }: Tridiagonal, x: number, tiny: number): number => {
  let [count, pivot] = [0, 1];
  for (let i = 0; i < diagonal.length; i++) {
    const before = i === 0 ? 0 : beside[i - 1]! ** 2 / pivot;
    pivot = diagonal[i]! - x - before;
    if (Math.abs(pivot) < tiny) pivot = -tiny;
    if (pivot < 0) count++;
  }
  return count;
};

/**
 * The eigenvalues of a symmetric matrix, rising, each within some 10⁻¹⁵ of the largest: three diagonals by reflections,
 * then bisection. For matrices that are large beside those of `symmetricEigen`: 2000 rows take seconds.
 * @param matrix of which the lower triangle is read
 * @throws RangeError when the matrix is not square and finite
 */
export const symmetricEigenvalues = (matrix: Matrix | readonly Float64Array[]): Float64Array => {
  const rows = matrix.map(row => Float64Array.from(row));
  for (const [i, row] of rows.entries()) {
    if (row.length !== rows.length) reject(`row ${i} of the matrix`, row, `it needs ${rows.length} entries`);
    if (!row.every(Number.isFinite)) reject(`row ${i} of the matrix`, row, 'its entries have to be finite');
  }
  const three = tridiagonal(rows);
  const { diagonal, beside } = three;
  // Every eigenvalue lies within the sum of the neighbours of a diagonal entry. [Gershgorin]
  const reach = diagonal.reduce((r, v, i) => {
    return Math.max(r, Math.abs(v) + Math.abs(beside[i]!) + Math.abs(beside[i - 1] ?? 0));
  }, 0);
  const tiny = 1e-20 * reach;
  return Float64Array.from({ length: rows.length }, (_, k) => {
    let [low, high] = [-reach, reach];
    for (let i = 0; i < 54; i++) {
      const middle = (low + high) / 2;
      if (below(three, middle, tiny) > k) high = middle;
      else low = middle;
    }
    return (low + high) / 2;
  });
};
