import { abs, dispose, maximum, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { reject } from '../errors.js';
import { chooseRows, denseOutput } from './dense.js';
import { stepErrors } from './error-norm.js';
import { firstSteps, moved, timesAt } from './first-step.js';
import type { Flow } from './flow.js';
import { checkTolerance, control, moving, type Rows, startRows, type Tolerance } from './step-size.js';
import { dormandPrince, type EmbeddedTableau } from './tableaux.js';

export interface AdaptiveOptions extends Partial<Tolerance> {
  readonly tableau?: EmbeddedTableau;
  /** The most attempts, accepted or not, before giving up. Default 10 000. */
  readonly maxSteps?: number;
  /** Times between start and end at which the dense output is wanted. */
  readonly saveAt?: readonly number[];
}

export interface AdaptiveResult {
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
export const solveAdaptive = (
  flow: Flow,
  parts: readonly Tensor[],
  from: number,
  to: number,
  { rtol = 1e-5, atol = 1e-5, tableau = dormandPrince, maxSteps = 10_000, saveAt = [] }: AdaptiveOptions = {},
): AdaptiveResult => {
  const tol = checkTolerance({ rtol, atol });
  const rows = startRows(parts[0]?.shape[0] ?? reject('the parts', [], 'give at least one tensor'), from);
  const output = denseOutput(tableau, saveAt, parts);
  let x = parts.map(p => p.clone());
  let k = tidy(() => flow(x, [...rows.t]));
  let evaluations = 2;
  try {
    tidy(() => firstSteps(flow, x, k, rows, to, tableau.order, tol));
    for (let count = 0; moving(rows, count, maxSteps); count++) {
      const [newX, newK] = tidy((): Pair => {
        const { slopes, end, errors } = attempt(flow, tableau, x, k, rows, tol);
        const step = { t: Float64Array.from(rows.t), h: Float64Array.from(rows.h), x, end, slopes };
        const ok = control(rows, errors, to, tableau.order);
        output.pass(step, ok);
        return [chooseRows(ok, end, x), chooseRows(ok, slopes.at(-1)!, k)];
      });
      dispose([...x, ...k]);
      [x, k] = [newX, newK];
      evaluations += tableau.c.length - 1;
    }
  } catch (error) {
    dispose([...x, ...output.saved.flat()]);
    throw error;
  } finally {
    dispose(k);
  }
  return { parts: x, saved: output.saved, evaluations, accepted: rows.accepted, rejected: rows.rejected };
};

type Pair = [x: Tensor[], k: Tensor[]];

/** One attempt of every row: moves those within tolerance, and hands the step on to the dense output. */
const attempt = (flow: Flow, tableau: EmbeddedTableau, x: Tensor[], k: Tensor[], rows: Rows, tol: Tolerance) => {
  const slopes: Tensor[][] = [k];
  let end = x;
  for (let i = 1; i < tableau.c.length; i++) {
    end = moved(x, rows.h, tableau.a[i]!, slopes);
    slopes.push(flow(end, timesAt(rows, tableau.c[i]!)));
  }
  const sizes = x.map((v, i) => maximum(abs(v), abs(end[i]!)));
  return { slopes, end, errors: stepErrors(tableau, rows.h, slopes, sizes, tol) };
};
