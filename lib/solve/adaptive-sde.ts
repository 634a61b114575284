import { abs, add, maximum, sub, type Tensor, tensor, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { scaleRows } from '../broadcast.js';
import type { Rng } from '../rng/rng.js';
import type { GaussianProcess, Score } from '../types.js';
import { brownianPath, type PathStep } from './brownian.js';
import { chooseRows } from './dense.js';
import { norms } from './error-norm.js';
import { fullNoise, type NoiseLevel } from './euler.js';
import { checkTolerance, control, fitStep, moving, type Rows, startRows, type Tolerance } from './step-size.js';

export interface AdaptiveSdeOptions extends Partial<Tolerance> {
  /** The noise of the reverse process; by default h = g. */
  readonly h?: NoiseLevel;
  /** The first step of every row. Default 1 % of the way. */
  readonly firstStep?: number;
  readonly maxSteps?: number;
}

export interface AdaptiveSdeResult {
  /** The states at the end; the caller owns them. */
  readonly x: Tensor;
  /** Evaluations of the score, each on the whole batch. */
  readonly evaluations: number;
  readonly accepted: Int32Array;
  readonly rejected: Int32Array;
}

/** f x − ½(g² + h²) s with a time for each row. */
const reverseDrift = (process: GaussianProcess, score: Score, h: NoiseLevel) => (x: Tensor, t: readonly number[]) =>
  add(
    scaleRows(t.map(process.f), x),
    scaleRows(
      t.map(time => -0.5 * (process.g(time) ** 2 + h(process, time) ** 2)),
      score(x, tensor1d(Float32Array.from(t))),
    ),
  );

/** Σ over rows of a value per coordinate, uploaded in the shape of x. */
const upload = (steps: readonly PathStep[], x: Tensor, pick: (step: PathStep, row: number, i: number) => number) => {
  const size = steps[0]!.w.length;
  const flat = new Float32Array(steps.length * size);
  steps.forEach((step, row) => {
    for (let i = 0; i < size; i++) flat[row * size + i] = pick(step, row, i);
  });
  return tensor(flat, x.shape);
};

/**
 * One step of SRA1 for every row on its own path, and its difference to Euler–Maruyama as the error. The area under
 * each path makes the strong order 1.5; see `sra` for the same step with one time for all rows. [Rößler 2010]
 */
const tryStep = (
  drift: (x: Tensor, t: readonly number[]) => Tensor,
  level: (t: number) => number,
  x: Tensor,
  { t, h }: Rows,
  steps: readonly PathStep[],
) => {
  const start = Array.from(t);
  const [before, later] = [0, 1].map(c => start.map((time, i) => level(time + c * h[i]!))) as [number[], number[]];
  const mean = (area: number, row: number): number => area / (Math.abs(h[row]!) || 1);
  const noise = upload(steps, x, ({ w, area }, row, i) => {
    return later[row]! * w[i]! + (before[row]! - later[row]!) * mean(area[i]!, row);
  });
  const kick = upload(steps, x, ({ area }, row, i) => 1.5 * later[row]! * mean(area[i]!, row));
  const k1 = drift(x, start);
  const inner = add(
    add(
      x,
      scaleRows(
        h.map(v => 0.75 * v),
        k1,
      ),
    ),
    kick,
  );
  const k2 = drift(
    inner,
    start.map((time, i) => time + 0.75 * h[i]!),
  );
  const euler = add(add(x, scaleRows(h, k1)), noise);
  const correction = scaleRows(
    h.map(v => (2 / 3) * v),
    sub(k2, k1),
  );
  return { end: add(euler, correction), error: correction };
};

const sizes = (x: Tensor, end: Tensor): Tensor[] => [maximum(abs(x), abs(end))];

/** The next state in the place of this one, which is freed whether or not there is a next. */
const replace = (state: Tensor, advance: (state: Tensor) => Tensor): Tensor => {
  try {
    return tidy(() => advance(state));
  } finally {
    state.dispose();
  }
};

/**
 * The reverse SDE with a step size for every sample: SRA1 with its difference to Euler–Maruyama as the error, after the
 * idea of Jolicoeur-Martineau 2021. Each row follows a Brownian path of its own, so a rejected step is retried on
 * the same path (fresh noise after a rejection would bias the result), and no sample changes another's.
 * @param x [B, ...event] at time `from`; it stays the caller's
 * @param rng row i follows the path of rng.fold(i)
 */
export const solveAdaptiveSde = (
  process: GaussianProcess,
  score: Score,
  x: Tensor,
  from: number,
  to: number,
  rng: Rng,
  {
    rtol = 0.01,
    atol = 0.01,
    h = fullNoise,
    firstStep = 0.01 * (from - to),
    maxSteps = 10_000,
  }: AdaptiveSdeOptions = {},
): AdaptiveSdeResult => {
  const tol = checkTolerance({ rtol, atol });
  const n = x.shape[0]!;
  const length = Math.abs(from - to);
  const paths = Array.from({ length: n }, (_, i) => brownianPath(rng.fold(i), x.size / n, length, 16));
  const rows = startRows(n, from);
  rows.h.fill(fitStep(from, Math.sign(to - from) * Math.abs(firstStep), to));
  const drift = reverseDrift(process, score, h);
  const advance = (state: Tensor): Tensor => {
    const steps = paths.map((path, i) => {
      const elapsed = Math.abs(from - rows.t[i]!);
      return path.step(elapsed, Math.min(length, elapsed + Math.abs(rows.h[i]!)));
    });
    const { end, error } = tryStep(drift, t => h(process, t), state, rows, steps);
    return chooseRows(control(rows, norms([error], sizes(state, end), tol), to, 2), [end], [state])[0]!;
  };
  let state = x.clone();
  let count = 0;
  for (; moving(rows, count, maxSteps); count++) state = replace(state, advance);
  return { x: state, evaluations: 2 * count, accepted: rows.accepted, rejected: rows.rejected };
};
