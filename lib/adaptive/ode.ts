import { abs, dispose, maximum, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { finite, reject, within } from '../errors.js';
import { dormandPrince, type EmbeddedTableau } from '../samplers/tableaux.js';
import { type Attempt, adapt, checkTolerance, type Rows, startRows, type Tolerance } from './control.js';
import { denseOutput } from './dense.js';
import { stepErrors } from './error-norm.js';
import { firstSteps, moved, timesAt } from './first-step.js';
import type { Flow } from './flow.js';

/** How `solveOde` steps; tolerances are 1e-5 unless given. */
export interface OdeOptions extends Partial<Tolerance> {
  readonly tableau?: EmbeddedTableau;
  /** The most attempts, accepted or not, before giving up. Default 10 000. */
  readonly maxSteps?: number;
  /** Times between start and end at which the dense output is wanted. */
  readonly saveAt?: readonly number[];
}

/** Where the parts arrived, and what it cost. */
export interface OdeResult {
  /** The parts at the end; the caller owns them. */
  readonly parts: Tensor[];
  /** For each time of saveAt the parts there; the caller owns them. */
  readonly saved: Tensor[][];
  /** Evaluations of the flow, each on the whole batch. */
  readonly evaluations: number;
  /** Steps of each row, [B]. */
  readonly accepted: Int32Array;
  readonly rejected: Int32Array;
}

/**
 * An embedded Runge–Kutta method, by default Dormand and Prince's 5(4), with a step size and an error control of its
 * own for every row: no sample changes another's result. Finished rows wait with a step of 0, so the batch keeps its
 * shape. The error of a row is the root mean square over a part of error/(atol + rtol |x|), the largest over parts.
 * @param parts tensors [B, …] at time `from`; they stay the caller's
 * @throws RangeError when a row's error is not finite or it does not arrive within maxSteps.
 */
export const solveOde = (
  flow: Flow,
  parts: readonly Tensor[],
  from: number,
  to: number,
  { rtol = 1e-5, atol = 1e-5, tableau = dormandPrince, maxSteps = 10_000, saveAt = [] }: OdeOptions = {},
): OdeResult => {
  const tol = checkTolerance({ rtol, atol });
  if (finite('the first time', from) === finite('the last time', to))
    reject('the interval', [from, to], 'give two times');
  for (const [i, time] of saveAt.entries()) {
    within(`saveAt[${i}]`, time, Math.min(from, to), Math.max(from, to), 'ask for times of the run');
  }
  const { order } = tableau;
  const n = parts.length;
  const rows = startRows(parts[0]?.shape[0] ?? reject('the parts', [], 'give at least one tensor'), from);
  // The state and, behind it, its slope at the start of the next step.
  const first = tidy(() => {
    const x = parts.map(p => p.clone());
    const k = flow(x, [...rows.t]);
    firstSteps(flow, x, k, rows, to, order, tol);
    return [...x, ...k];
  });
  const output = denseOutput(tableau, saveAt, parts);
  const attempt = (state: readonly Tensor[]): Attempt => {
    const x = state.slice(0, n);
    const { slopes, end, errors } = tryStep(flow, tableau, x, state.slice(n), rows, tol);
    const step = { t: Float64Array.from(rows.t), h: Float64Array.from(rows.h), x, end, slopes };
    return { end: [...end, ...slopes.at(-1)!], errors, passed: moved => output.pass(step, moved) };
  };
  try {
    const { state, attempts } = adapt(first, rows, to, { order, maxSteps }, attempt);
    dispose(state.slice(n));
    const evaluations = 2 + attempts * (tableau.c.length - 1);
    const { accepted, rejected } = rows;
    return { parts: state.slice(0, n), saved: output.saved, evaluations, accepted, rejected };
  } catch (error) {
    dispose(output.saved);
    throw error;
  }
};

/** A step of every row, and its error. */
const tryStep = (flow: Flow, tableau: EmbeddedTableau, x: Tensor[], k: Tensor[], rows: Rows, tol: Tolerance) => {
  const slopes: Tensor[][] = [k];
  let end = x;
  for (let i = 1; i < tableau.c.length; i++) {
    end = moved(x, rows.h, tableau.a[i]!, slopes);
    slopes.push(flow(end, timesAt(rows, tableau.c[i]!)));
  }
  const sizes = x.map((v, i) => maximum(abs(v), abs(end[i]!)));
  return { slopes, end, errors: stepErrors(tableau, rows.h, slopes, sizes, tol) };
};
