import { reject } from '../errors.js';
import { identity, type Matrix, matrixProduct } from './linear-algebra.js';

/** The sum of entries' sizes in the fullest row. */
const size = (a: Matrix): number => Math.max(...a.map(row => row.reduce((sum, v) => sum + Math.abs(v), 0)));

/**
 * e^A of a small square matrix: its power series at A/2ᵏ of size ½ at most, squared k times. For the rates of a Markov chain
 * it gives the chances of all moves.
 */
export const matrixExponential = (a: Matrix): number[][] => {
  for (const [i, row] of a.entries()) {
    if (row.length !== a.length) reject(`row ${i} of the matrix`, row, `it needs ${a.length} entries`);
    if (!row.every(Number.isFinite)) reject(`row ${i} of the matrix`, row, 'its entries have to be finite');
  }
  const halvings = Math.max(0, Math.ceil(Math.log2(2 * size(a))));
  const small = a.map(row => row.map(v => v / 2 ** halvings));
  let term = identity(a.length);
  let sum = term;
  // ½ⁿ/n! is below the last bit from n = 15 on.
  for (let n = 1; n <= 16; n++) {
    term = matrixProduct(term, small).map(row => row.map(v => v / n));
    sum = sum.map((row, i) => row.map((v, j) => v + term[i]![j]!));
  }
  for (let k = 0; k < halvings; k++) sum = matrixProduct(sum, sum);
  return sum;
};
