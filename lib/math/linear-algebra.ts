import { reject } from '../errors.js';

/** A dense matrix as rows, float64. */
export type Matrix = readonly (readonly number[])[];

/** I, [n][n]. */
export const identity = (n: number): number[][] =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => Number(i === j)));

/** Aᵀ, [n][m] for A: [m][n]. */
export const transpose = (a: Matrix): number[][] => (a[0] ?? []).map((_, j) => a.map(row => row[j]!));

/** A x, [m] for A: [m][n] and x: [n]. */
export const matrixVector = (a: Matrix, x: ArrayLike<number>): number[] =>
  a.map(row => row.reduce((sum, value, j) => sum + value * x[j]!, 0));

/** A B, [m][k] for A: [m][n] and B: [n][k]. */
export const matrixProduct = (a: Matrix, b: Matrix): number[][] => {
  const columns = transpose(b);
  return a.map(row => matrixVector(columns, row));
};

/** Σ xᵢ yᵢ over the entries of x. */
export const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
};

const offDiagonal = (a: Matrix): number =>
  a.reduce((sum, row, i) => sum + row.reduce((s, v, j) => s + (i === j ? 0 : v * v), 0), 0);

/** Turns rows and columns p, q of the symmetric a, and rows p, q of v, so that a[p][q] becomes 0. */
const rotate = (a: number[][], v: number[][], p: number, q: number): void => {
  const apq = a[p]![q]!;
  if (apq === 0) return;
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * apq);
  const tan = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cos = 1 / Math.hypot(tan, 1);
  const sin = tan * cos;
  const turn = (x: number[], y: number[], i: number, j: number): void => {
    const [s, t] = [x[i]!, y[j]!];
    x[i] = cos * s - sin * t;
    y[j] = sin * s + cos * t;
  };
  for (let k = 0; k < a.length; k++) turn(a[k]!, a[k]!, p, q);
  for (let k = 0; k < a.length; k++) turn(a[p]!, a[q]!, k, k);
  for (let k = 0; k < a.length; k++) turn(v[p]!, v[q]!, k, k);
};

/**
 * Eigenvalues and eigenvectors (rows) of a symmetric matrix by Jacobi's rotations: a = Σ values[i] vᵢ vᵢᵀ.
 * Made for the small matrices of closed-form examples; the cost grows with the cube of the size.
 * @throws RangeError when the matrix is not square and symmetric.
 */
export const symmetricEigen = (matrix: Matrix): { values: number[]; vectors: number[][] } => {
  const a = matrix.map(row => [...row]);
  const scale = Math.sqrt(a.reduce((sum, row) => sum + dot(row, row), 0)) || 1;
  a.forEach((row, i) => {
    if (row.length !== a.length) reject('the matrix', row, `row ${i} needs ${a.length} entries`);
    row.forEach((value, j) => {
      if (Math.abs(value - (matrix[j]?.[i] ?? Number.NaN)) > 1e-9 * scale || !Number.isFinite(value)) {
        reject(`entry (${i}, ${j}) of the matrix`, value, 'the matrix has to be symmetric and finite');
      }
    });
  });
  const v = identity(a.length);
  for (let sweep = 0; sweep < 60 && offDiagonal(a) > 1e-30 * scale * scale; sweep++) {
    for (let p = 0; p < a.length; p++) for (let q = p + 1; q < a.length; q++) rotate(a, v, p, q);
  }
  return { values: a.map((row, i) => row[i]!), vectors: v };
};

/** Σ of(valueᵢ) vᵢ vᵢᵀ of a symmetric matrix: its root, its inverse and the like. */
export const symmetricFunction = (matrix: Matrix, of: (value: number) => number): number[][] => {
  const { values, vectors } = symmetricEigen(matrix);
  const images = values.map(of);
  return matrix.map((_, i) =>
    matrix.map((__, j) => images.reduce((sum, v, k) => sum + v * vectors[k]![i]! * vectors[k]![j]!, 0)),
  );
};

/** x with a x = b for a symmetric positive definite a, by its Cholesky factor. */
export const solvePositive = (a: Matrix, b: ArrayLike<number>): number[] => {
  const l = cholesky(a);
  const y: number[] = [];
  for (let i = 0; i < l.length; i++) y.push((b[i]! - dot(l[i]!.slice(0, i), y)) / l[i]![i]!);
  const x = new Array<number>(l.length).fill(0);
  for (let i = l.length - 1; i >= 0; i--) {
    let sum = y[i]!;
    for (let j = i + 1; j < l.length; j++) sum -= l[j]![i]! * x[j]!;
    x[i] = sum / l[i]![i]!;
  }
  return x;
};

/** The lower triangular L with L Lᵀ = a. @throws RangeError when a is not positive definite. */
export const cholesky = (a: Matrix): number[][] => {
  const l: number[][] = [];
  for (let i = 0; i < a.length; i++) {
    const row: number[] = [];
    for (let j = 0; j < i; j++) row.push((a[i]![j]! - dot(row, l[j]!.slice(0, j))) / l[j]![j]!);
    const pivot = a[i]![i]! - dot(row, row);
    if (!(pivot > 0)) reject(`pivot ${i}`, pivot, 'the matrix has to be positive definite');
    l.push([...row, Math.sqrt(pivot)]);
  }
  return l;
};

/** Σ log of the squared Cholesky diagonal: log det a. */
export const logDeterminant = (a: Matrix): number =>
  cholesky(a).reduce((sum, row, i) => sum + 2 * Math.log(row[i]!), 0);
