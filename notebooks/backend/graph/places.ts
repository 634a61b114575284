import type { Plan, Row, Stage } from '../../../lib/samplers/plan.js';
import { type Prediction, scoreCoefficients } from '../../../lib/score/prediction.js';
import type { GaussianProcess } from '../../../lib/types.js';

/**
 * A plan whose numbers are places in a list instead: weight w at place i is i + 1, and a weight of 0 stays 0. The plan
 * then says what to combine, the list with which weights, and the list may be a tensor.
 */
export interface Placed {
  readonly plan: Plan;
  readonly values: readonly number[];
}

/** The four numbers that make a score of a network's output at time t: s = state · x + output · F(input · x, label). */
export const scoreNumbers = (process: GaussianProcess, prediction: Prediction, t: number): number[] => {
  const { state, output } = scoreCoefficients(process, prediction, t);
  return [state, output, prediction.input(t), prediction.label(t)];
};

/** @param numbers what a score at a time needs; a stage's time becomes the place of the first of them */
export const placed = (plan: Plan, numbers: (t: number) => readonly number[]): Placed => {
  const values: number[] = [];
  const put = (w: number): number => (w === 0 ? 0 : values.push(w));
  const row = ({ x, s, z, kept }: Row): Row => ({ x: put(x), s: s.map(put), z: z.map(put), kept: kept.map(put) });
  const stage = (from: Stage): Stage => {
    const weights = row(from);
    const t = values.length + 1;
    values.push(...numbers(from.t));
    return { ...weights, t };
  };
  const stages = plan.stages.map(stage);
  const result = row(plan.result);
  const keep = plan.keep && { ...row(plan.keep), depth: plan.keep.depth };
  return { plan: { stages, result, noises: plan.noises, ...(keep && { keep }) }, values };
};
