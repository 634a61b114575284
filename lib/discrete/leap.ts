import { reject } from '../errors.js';
import { drawn } from '../math/drawn.js';
import { matrixExponential } from '../math/exponential.js';
import { type Matrix, matrixVector, transpose } from '../math/linear-algebra.js';
import type { Rng } from '../rng/rng.js';
import type { JumpProcess, Law } from './jump-process.js';
import { jumpKernel } from './jump-process.js';
import { type Ratios, reverseRates } from './ratios.js';

/**
 * One step of a sampler from t down to u, as the chances of the next state from x, [n]. As a sampler of tensors is its
 * coefficients, one of states is its chances: draws and the exact law of a whole run both follow from them.
 */
export type Leap = (process: JumpProcess, ratios: Ratios, x: number, t: number, u: number) => number[];

/** Rates held fixed, and at most one jump: 1 + (t − u) · rate. A step that is too long for its rates leaves for sure. */
export const eulerLeap: Leap = (process, ratios, x, t, u) => {
  const moves = reverseRates(process, ratios, x, t).map((rate, y) => Number(x === y) + (t - u) * rate);
  const leaving = 1 - moves[x]!;
  return leaving <= 1 ? moves : moves.map((v, y) => (x === y ? 0 : v / leaving));
};

/**
 * Bayes with the ratios at t alone: p(x_u = y | x_t = x) ∝ (e^{−ΔQᵀ} ratios)_y · P(x_t = x | x_u = y). With exact ratios it is exact,
 * however long the step. [Lou 2024]
 */
export const tweedieLeap: Leap = (process, ratios, x, t, u) => {
  const amount = process.noise.integral(t) - process.noise.integral(u);
  const back = matrixExponential(transpose(process.rates).map(row => row.map(v => -amount * v)));
  const before = matrixVector(back, ratios(x, t));
  const there = jumpKernel(process, u, t);
  // What rounding or a network makes negative is impossible.
  const moves = before.map((v, y) => Math.max(0, v * there[y]![x]!));
  const total = moves.reduce((sum, v) => sum + v, 0);
  return total > 0
    ? moves.map(v => v / total)
    : reject(`the chances from ${x}`, moves, 'check the ratios at this time');
};

/**
 * τ-leaping of words: every place takes the leap of its own as if the others stayed. Exact for one place alone; for more, as
 * steps become short. [Gillespie 2001; Campbell 2022; Lou 2024]
 * @param place the chain of one place, whose `wordRates` the word has
 */
export const tauLeap =
  (leap: Leap, place: JumpProcess): Leap =>
  (process, ratios, x, t, u) => {
    const [n, size] = [place.rates.length, process.rates.length];
    let out = [1];
    const ratio = ratios(x, t);
    for (let unit = size / n; unit >= 1; unit /= n) {
      const here = Math.floor(x / unit) % n;
      const own = Array.from({ length: n }, (_, y) => ratio[x + (y - here) * unit]!);
      const next = leap(place, () => own, here, t, u);
      out = out.flatMap(v => next.map(w => v * w));
    }
    return out;
  };

/** The law at the end of a run through falling times that starts from this law: nothing is drawn. */
export const lawOfRun = (
  process: JumpProcess,
  ratios: Ratios,
  leap: Leap,
  start: Law,
  times: readonly number[],
): number[] =>
  times.slice(1).reduce<number[]>(
    (law, u, i) => {
      const moves: Matrix = law.map((p, x) => (p === 0 ? law.map(() => 0) : leap(process, ratios, x, times[i]!, u)));
      return matrixVector(transpose(moves), law);
    },
    [...start],
  );

/** States at the end of a run, from these at its start. */
export const drawRun = (
  process: JumpProcess,
  ratios: Ratios,
  leap: Leap,
  start: Int32Array,
  times: readonly number[],
  rng: Rng,
): Int32Array => {
  let states = start;
  for (const [i, u] of times.slice(1).entries()) {
    const rows = new Map<number, number[]>();
    const rowOf = (x: number): number[] => {
      const row = rows.get(x) ?? leap(process, ratios, x, times[i]!, u);
      rows.set(x, row);
      return row;
    };
    const uniforms = rng.uniforms(states.length);
    states = states.map((x, k) => drawn(rowOf(x), uniforms[k]!));
  }
  return states;
};
