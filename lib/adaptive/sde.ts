import { abs, add, addN, maximum, mul, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { fullNoise, type NoiseLevel, type RowDrift, reverseDrift } from '../process/reverse.js';
import { brownianPath, type PathStep } from '../rng/brownian.js';
import type { Rng } from '../rng/rng.js';
import { scaleRows } from '../rows.js';
import { sra1 } from '../samplers/sra.js';
import type { GaussianProcess, Score } from '../types.js';
import { type Attempt, adapt, checkTolerance, fitStep, type Rows, startRows, type Tolerance } from './control.js';
import { norms } from './error-norm.js';

/** How `solveSde` steps; tolerances are .01 unless given. */
export interface SdeOptions extends Partial<Tolerance> {
  /** The noise of the reverse process; by default h = g. */
  readonly h?: NoiseLevel;
  /** The first step of every row. Default 1 % of the way. */
  readonly firstStep?: number;
  readonly maxSteps?: number;
}

/** Where the rows arrived, and what it cost. */
export interface SdeResult {
  /** The states at the end; the caller owns them. */
  readonly x: Tensor;
  /** Evaluations of the score, each on the whole batch. */
  readonly evaluations: number;
  readonly accepted: Int32Array;
  readonly rejected: Int32Array;
}

/** A number for every coordinate of every row, uploaded in the shape of x. */
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
  drift: RowDrift,
  level: (t: number) => number,
  x: Tensor,
  { t, h }: Rows,
  steps: readonly PathStep[],
) => {
  const { a, b, c, e } = sra1;
  const [before, after] = [t, t.map((time, i) => time + h[i]!)].map(times => times.map(level)) as [
    Float64Array,
    Float64Array,
  ];
  /** J = ∫∫ dw ds / h. */
  const mean = (area: number, row: number): number => area / (Math.abs(h[row]!) || 1);
  const kick = upload(steps, x, ({ area }, row, i) => after[row]! * mean(area[i]!, row));
  const noise = upload(steps, x, ({ w, area }, row, i) => {
    return after[row]! * w[i]! + (before[row]! - after[row]!) * mean(area[i]!, row);
  });
  const slopes: Tensor[] = [];
  const weighted = (weights: readonly number[]): Tensor =>
    scaleRows(addN(weights.map((w, j) => mul(slopes[j]!, w))), h);
  c.forEach((fraction, i) => {
    const at = i === 0 ? x : add(add(x, weighted(a[i]!)), mul(kick, e[i]!));
    slopes.push(
      drift(
        at,
        Array.from(t, (time, row) => time + fraction * h[row]!),
      ),
    );
  });
  const end = add(add(x, weighted(b)), noise);
  return { end, error: weighted(b.map((w, i) => (i === 0 ? w - 1 : w))) };
};

/**
 * The reverse SDE with a step size for every sample: SRA1 with its difference to Euler–Maruyama as the error, after the
 * idea of Jolicoeur-Martineau 2021. Each row follows a Brownian path of its own, so a rejected step is retried on
 * the same path (fresh noise after a rejection would bias the result), and no sample changes another's.
 * @param x [B, ...event] at time `from`; it stays the caller's
 * @param rng row i follows the path of rng.fold(i)
 */
export const solveSde = (
  process: GaussianProcess,
  score: Score,
  x: Tensor,
  from: number,
  to: number,
  rng: Rng,
  { rtol = 0.01, atol = 0.01, h = fullNoise, firstStep = 0.01 * (from - to), maxSteps = 10_000 }: SdeOptions = {},
): SdeResult => {
  const tol = checkTolerance({ rtol, atol });
  const n = x.shape[0]!;
  const length = Math.abs(from - to);
  const paths = Array.from({ length: n }, (_, i) => brownianPath(rng.fold(i), x.size / n, length, 16));
  const rows = startRows(n, from);
  rows.h.fill(fitStep(from, Math.sign(to - from) * Math.abs(firstStep), to));
  const drift = reverseDrift(process, score, h);
  const attempt = ([state]: readonly Tensor[]): Attempt => {
    const steps = paths.map((path, i) => {
      const elapsed = Math.abs(from - rows.t[i]!);
      return path.step(elapsed, Math.min(length, elapsed + Math.abs(rows.h[i]!)));
    });
    const { end, error } = tryStep(drift, t => h(process, t), state!, rows, steps);
    return { end: [end], errors: norms([error], [maximum(abs(state!), abs(end))], tol) };
  };
  const { state, attempts } = adapt([x.clone()], rows, to, { order: 2, maxSteps }, attempt);
  const { accepted, rejected } = rows;
  return { x: state[0]!, evaluations: sra1.c.length * attempts, accepted, rejected };
};
