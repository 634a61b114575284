import { dispose, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { reject, within } from '../errors.js';
import { chooseRows } from '../rows.js';
import { iterate } from '../solve/iterate.js';

/** Step sizes by error control: every row of a batch has a time and a step of its own. */

/** How large an error a step may make: atol + rtol |x| for each coordinate. */
export interface Tolerance {
  /** Relative to the size of a coordinate. */
  readonly rtol: number;
  /** In the units of the state. */
  readonly atol: number;
}

/** @throws RangeError below what float32 states can resolve. */
export const checkTolerance = ({ rtol, atol }: Tolerance): Tolerance => ({
  rtol: within('rtol', rtol, 3e-7, 1, 'a float32 state resolves 1.2e-7 of itself'),
  atol: within('atol', atol, 0, 1e6),
});

/** Where the rows of a batch stand, each by itself. */
export interface Rows {
  readonly t: Float64Array;
  /** The next step of each row, signed; 0 once it has arrived. */
  readonly h: Float64Array;
  readonly accepted: Int32Array;
  readonly rejected: Int32Array;
}

/** n rows at time t that have not moved yet; their first steps are still to be set. */
export const startRows = (n: number, t: number): Rows => ({
  t: new Float64Array(n).fill(t),
  h: new Float64Array(n),
  accepted: new Int32Array(n),
  rejected: new Int32Array(n),
});

/** The next step of a row that ends at `end`: never past it, and never leaving a sliver before it. */
export const fitStep = (t: number, h: number, end: number): number => {
  const left = end - t;
  if (Math.abs(h) >= Math.abs(left)) return left;
  return Math.abs(h) > 0.9 * Math.abs(left) ? 0.5 * left : h;
};

/**
 * Accepts or rejects the step of every row by its error (1 is the tolerance) and sets the next one:
 * h · clamp(.9 error^(−1/order), .2, 5).
 * @returns the rows that moved
 * @throws RangeError when an error is not a number or a step vanishes, naming row and time.
 */
export const control = (rows: Rows, errors: ArrayLike<number>, end: number, order: number): boolean[] =>
  Array.from(rows.t, (t, i) => {
    const h = rows.h[i]!;
    if (h === 0) return false;
    const error = errors[i]!;
    if (!Number.isFinite(error)) {
      reject(`the error of row ${i} at t = ${t}`, error, 'the score returned NaN or infinity; check it there');
    }
    const ok = error <= 1;
    const factor = Math.min(ok ? 5 : 1, Math.max(0.2, 0.9 * error ** (-1 / order)));
    if (ok) {
      rows.t[i] = h === end - t ? end : t + h;
      rows.accepted[i] = rows.accepted[i]! + 1;
    } else rows.rejected[i] = rows.rejected[i]! + 1;
    rows.h[i] = rows.t[i] === end ? 0 : fitStep(rows.t[i]!, h * factor, end);
    if (rows.h[i] !== 0 && rows.t[i]! + rows.h[i]! === rows.t[i]) {
      reject(`the step of row ${i} at t = ${t}`, rows.h[i], 'it vanished: raise atol and rtol');
    }
    return ok;
  });

/** Whether rows are still on their way. @throws RangeError when that takes more than `most` attempts. */
export const moving = (rows: Rows, count: number, most: number): boolean => {
  const row = rows.h.findIndex(h => h !== 0);
  if (row >= 0 && count >= most) {
    reject('the number of steps', count, `row ${row} has not arrived; raise maxSteps or the tolerances`);
  }
  return row >= 0;
};

/** One attempt of every row, whose rows that stay within tolerance are taken. */
export interface Attempt {
  /** The state at the end of the step. */
  readonly end: readonly Tensor[];
  /** The error of each row; 1 is the tolerance. */
  readonly errors: ArrayLike<number>;
  /** Is told which rows moved. */
  passed?(moved: readonly boolean[]): void;
}

/**
 * Steps all rows until each has arrived at `end`. Finished rows wait with a step of 0, so the batch keeps its shape.
 * @param first the state, tensors [B, …] that are this run's own
 * @param order of the error, for the next step size
 * @returns the last state, the caller's, and the number of attempts
 */
export const adapt = (
  first: Tensor[],
  rows: Rows,
  end: number,
  { order, maxSteps }: { readonly order: number; readonly maxSteps: number },
  attempt: (state: readonly Tensor[]) => Attempt,
): { state: Tensor[]; attempts: number } => {
  const advance = (state: Tensor[]): Tensor[] =>
    tidy(() => {
      const tried = attempt(state);
      const moved = control(rows, tried.errors, end, order);
      tried.passed?.(moved);
      return chooseRows(moved, tried.end, state);
    });
  let last = first;
  const release = (state: Tensor[], next?: Tensor[]): void => {
    if (next) dispose(state);
    else last = state;
  };
  let attempts = -1;
  try {
    for (const _ of iterate(first, i => moving(rows, i - 1, maxSteps), advance, release)) attempts++;
  } catch (error) {
    dispose(last);
    throw error;
  }
  return { state: last, attempts };
};
