import { abs, add, sub, type Tensor } from '@tensorflow/tfjs-core';
import { finite } from '../errors.js';
import { scaleRows } from '../rows.js';
import { fitStep, type Rows, type Tolerance } from './control.js';
import { weigh } from './dense.js';
import { norms } from './error-norm.js';
import type { Flow } from './flow.js';

/** x + h Σ wⱼ kⱼ, with a step for each row. */
export const moved = (
  x: readonly Tensor[],
  h: Float64Array,
  weights: readonly number[],
  slopes: readonly (readonly Tensor[])[],
): Tensor[] => weigh(weights, slopes).map((k, i) => add(x[i]!, scaleRows(k, h)));

/** The time at the fraction c of every row's step. */
export const timesAt = ({ t, h }: Rows, c: number): number[] => Array.from(t, (time, i) => time + c * h[i]!);

/** Hairer's first step for every row: one that changes the state by about 1 % of its scale. */
export const firstSteps = (
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
  Array.from(d1, (slope, i) =>
    finite(
      `the slope of row ${i} at t = ${rows.t[i]}`,
      slope,
      'the score or the data hold NaN or infinity; check them',
    ),
  );
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
