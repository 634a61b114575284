import { positive, reject, sameShape } from '../errors.js';
import { matrixExponential } from '../math/exponential.js';
import { type Matrix, matrixVector, transpose } from '../math/linear-algebra.js';
import type { NoiseRate } from '../process/schedules.js';

/**
 * A Markov chain in continuous time on the states 0, …, n − 1: from x it jumps to y ≠ x at the rate β(t) rates[x][y]. It
 * is to probabilities what a Gaussian process is to densities. [Campbell 2022; Lou 2024 (SEDD)]
 */
export interface JumpProcess {
  readonly T: number;
  /** Q, [n][n]: rates off the diagonal, rows that sum to 0. */
  readonly rates: Matrix;
  readonly noise: NoiseRate;
}

/** A chance for each state. */
export type Law = readonly number[];

/** A chain from its rates. @throws RangeError for rates below 0 and rows that do not sum to 0 */
export const jumpProcess = (rates: Matrix, noise: NoiseRate, T = 1): JumpProcess => {
  for (const [x, row] of rates.entries()) {
    if (row.length !== rates.length) reject(`row ${x} of the rates`, row, `it needs ${rates.length} entries`);
    const wrong = row.findIndex((v, y) => !(v >= 0 || x === y));
    if (wrong >= 0) reject(`the rate from ${x} to ${wrong}`, row[wrong], 'rates are not negative');
    const total = row.reduce((sum, v) => sum + v, 0);
    if (!(Math.abs(total) < 1e-9)) reject(`the sum of row ${x} of the rates`, total, 'the diagonal makes it 0');
  }
  return { T: positive('T', T), rates, noise };
};

/** From every state to a state drawn evenly: what is left of x_0 is e^{−B}. [Austin 2021; Lou 2024] */
export const uniformRates = (n: number): number[][] =>
  Array.from({ length: n }, (_, x) => Array.from({ length: n }, (__, y) => 1 / n - Number(x === y)));

/** From every state to the last one, the mask, which is never left. [Austin 2021; Lou 2024] */
export const absorbingRates = (n: number): number[][] =>
  Array.from({ length: n }, (_, x) =>
    Array.from({ length: n }, (__, y) => (x === n - 1 ? 0 : Number(y === n - 1) - Number(x === y))),
  );

/** P(x_u = y | x_t = x) for t ≤ u, [n][n]: e^{(B(u) − B(t)) Q}, since the rates at all times commute. */
export const jumpKernel = ({ rates, noise }: JumpProcess, t: number, u: number): number[][] => {
  const amount = noise.integral(u) - noise.integral(t);
  return matrixExponential(rates.map(row => row.map(v => v * amount)));
};

/** p_t for x_0 from p_0. */
export const lawAt = (process: JumpProcess, data: Law, t: number): number[] => {
  sameShape('the law of the data', [data.length], [process.rates.length]);
  return matrixVector(transpose(jumpKernel(process, 0, t)), data);
};

/**
 * The rates of L places that jump one at a time and apart from each other, on the nᴸ words; the first place counts most.
 * For what is to be exact: the size of the matrix grows with the word.
 */
export const wordRates = (rates: Matrix, L: number): number[][] => {
  const n = rates.length;
  const size = n ** L;
  return Array.from({ length: size }, (_, x) => {
    const row = new Array<number>(size).fill(0);
    for (let unit = 1; unit < size; unit *= n) {
      const here = Math.floor(x / unit) % n;
      for (const [y, rate] of rates[here]!.entries()) row[x + (y - here) * unit]! += rate;
    }
    return row;
  });
};
