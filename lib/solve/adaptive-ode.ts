import {
  abs,
  add,
  div,
  maximum,
  max as maxOver,
  mean,
  mul,
  reshape,
  sqrt,
  square,
  stack,
  sub,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { scaleRows } from '../broadcast.js';
import { integer, reject } from '../errors.js';
import { chooseRows, denseOutput, weigh } from './dense.js';
import type { Flow } from './flow.js';
import { checkTolerance, control, fitStep, type Rows, startRows, type Tolerance } from './step-size.js';
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

/** Root mean square of a part over everything but its rows, [B]. */
const rowRms = (x: Tensor): Tensor => sqrt(mean(square(reshape(x, [x.shape[0]!, -1])), 1));

/** The largest over the parts of ‖value / (atol + rtol |size|)‖, read back as one number for each row. */
const norms = (values: readonly Tensor[], sizes: readonly Tensor[], { rtol, atol }: Tolerance) =>
  tidy(() => {
    const each = values.map((v, i) => rowRms(div(v, add(mul(sizes[i]!, rtol), atol))));
    return maxOver(stack(each), 0).dataSync();
  });

/** x + h Σ wⱼ kⱼ, with a step for each row. */
const moved = (
  x: readonly Tensor[],
  h: Float64Array,
  weights: readonly number[],
  slopes: readonly (readonly Tensor[])[],
): Tensor[] => weigh(weights, slopes).map((k, i) => add(x[i]!, scaleRows(h, k)));

const timesAt = ({ t, h }: Rows, c: number): number[] => Array.from(t, (time, i) => time + c * h[i]!);

/** Hairer's first step for every row: one that changes the state by about 1 % of its scale. */
const firstSteps = (
  flow: Flow,
  x: Tensor[],
  k: Tensor[],
  rows: Rows,
  end: number,
  order: number,
  tol: Tolerance,
) => {
  const size = x.map(abs);
  const [d0, d1] = [norms(x, size, tol), norms(k, size, tol)];
  const sign = Math.sign(end - rows.t[0]!);
  const guess = Float64Array.from(d0, (v, i) => {
    const h = v < 1e-5 || d1[i]! < 1e-5 ? 1e-6 : (0.01 * v) / d1[i]!;
    return sign * Math.min(h, Math.abs(end - rows.t[i]!));
  });
  rows.h.set(guess);
  const there = flow(moved(x, guess, [1], [k]), timesAt(rows, 1));
  const bend = norms(
    there.map((v, i) => sub(v, k[i]!)),
    size,
    tol,
  );
  guess.forEach((h0, i) => {
    const curvature = Math.max(d1[i]!, bend[i]! / Math.abs(h0));
    const h1 = curvature <= 1e-15 ? Math.abs(h0) * 1e3 : (0.01 / curvature) ** (1 / order);
    rows.h[i] = fitStep(rows.t[i]!, sign * Math.min(100 * Math.abs(h0), h1), end);
  });
};

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
  integer('maxSteps', maxSteps, 1);
  const tol = checkTolerance({ rtol, atol });
  const rows = startRows(
    parts[0]?.shape[0] ?? reject('the list of parts', [], 'give at least one tensor'),
    from,
  );
  const output = denseOutput(tableau, saveAt, parts);
  let x = parts.map(p => p.clone());
  let k = tidy(() => flow(x, [...rows.t]));
  tidy(() => firstSteps(flow, x, k, rows, to, tableau.order, tol));
  let evaluations = 2;
  for (let count = 0; rows.h.some(h => h !== 0); count++) {
    if (count === maxSteps) {
      reject(
        'the number of steps',
        count,
        `row ${rows.h.findIndex(h => h !== 0)} has not arrived; raise maxSteps or the tolerances`,
      );
    }
    const [newX, newK] = tidy((): Pair => {
      const { slopes, end, errors } = attempt(flow, tableau, x, k, rows, tol);
      const step = { t: Float64Array.from(rows.t), h: Float64Array.from(rows.h), x, end, slopes };
      const ok = control(rows, errors, to, tableau.order);
      output.pass(step, ok);
      return [chooseRows(ok, end, x), chooseRows(ok, slopes.at(-1)!, k)];
    });
    for (const old of [...x, ...k]) old.dispose();
    [x, k] = [newX, newK];
    evaluations += tableau.c.length - 1;
  }
  for (const old of k) old.dispose();
  return { parts: x, saved: output.saved, evaluations, accepted: rows.accepted, rejected: rows.rejected };
};

type Pair = [x: Tensor[], k: Tensor[]];

/** One attempt of every row: moves those within tolerance, and hands the step on to the dense output. */
const attempt = (
  flow: Flow,
  tableau: EmbeddedTableau,
  x: Tensor[],
  k: Tensor[],
  rows: Rows,
  tol: Tolerance,
) => {
  const slopes: Tensor[][] = [k];
  let end = x;
  for (let i = 1; i < tableau.c.length; i++) {
    end = moved(x, rows.h, tableau.a[i]!, slopes);
    slopes.push(flow(end, timesAt(rows, tableau.c[i]!)));
  }
  const errors = weigh(tableau.error, slopes).map(e => scaleRows(rows.h, e));
  const size = x.map((v, i) => maximum(abs(v), abs(end[i]!)));
  return { slopes, end, errors: norms(errors, size, tol) };
};
