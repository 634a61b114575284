import { add, addN, keep, mul, sub, type Tensor } from '@tensorflow/tfjs-core';
import { chooseRows, scaleRows } from '../rows.js';
import type { EmbeddedTableau } from '../samplers/tableaux.js';

/** Σ wⱼ kⱼ for every part; weights 0 are skipped. */
export const weigh = (weights: readonly number[], slopes: readonly (readonly Tensor[])[]): Tensor[] =>
  slopes[0]!.map((_, part) => addN(weights.flatMap((w, j) => (w === 0 ? [] : [mul(slopes[j]![part]!, w)]))));

/** A step that every row has tried, from x at t to `end` at t + h. */
export interface TriedStep {
  readonly t: Float64Array;
  readonly h: Float64Array;
  readonly x: readonly Tensor[];
  readonly end: readonly Tensor[];
  readonly slopes: readonly (readonly Tensor[])[];
}

/** One part at the fraction q of the step, a fraction for each row. [Hairer, Nørsett & Wanner 1993, II.6] */
const interpolate = (tableau: EmbeddedTableau, step: TriedStep, part: number, q: number[]): Tensor => {
  const slopes = step.slopes.map(s => s[part]!);
  const times = (v: Tensor): Tensor => scaleRows(v, step.h);
  const x = step.x[part]!;
  const change = sub(step.end[part]!, x);
  const start = sub(times(slopes[0]!), change);
  const end = sub(sub(change, times(slopes.at(-1)!)), start);
  const rest = q.map(v => 1 - v);
  const quartic =
    tableau.dense &&
    weigh(
      tableau.dense,
      slopes.map(v => [v]),
    )[0]!;
  const high = quartic ? add(end, scaleRows(times(quartic), rest)) : end;
  return add(x, scaleRows(add(change, scaleRows(add(start, scaleRows(high, q)), rest)), q));
};

/** Collects the state at given times while rows step past them. */
export const denseOutput = (
  tableau: EmbeddedTableau,
  saveAt: readonly number[],
  initial: readonly Tensor[],
): { readonly saved: Tensor[][]; pass(step: TriedStep, accepted: readonly boolean[]): void } => {
  const saved = saveAt.map(() => initial.map(p => p.clone()));
  const pass = (step: TriedStep, accepted: readonly boolean[]): void =>
    saveAt.forEach((time, j) => {
      const q = Array.from(step.t, (t, i) => (accepted[i] ? (time - t) / step.h[i]! : 0));
      const hit = q.map(v => v > 0 && v <= 1);
      if (!hit.some(Boolean)) return;
      const inside = q.map((v, i) => (hit[i] ? v : 0));
      const values = initial.map((_, part) => interpolate(tableau, step, part, inside));
      const old = saved[j]!;
      saved[j] = chooseRows(hit, values, old).map(keep);
      for (const value of old) value.dispose();
    });
  return { saved, pass };
};
