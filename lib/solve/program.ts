import { addN, fill, mul, type Scalar, type Tensor, type Tensor1D, unstack } from '@tensorflow/tfjs-core';
import { reject } from '../errors.js';
import type { Score } from '../types.js';
import { type Plan, type Row, runPlan } from './plan.js';

/**
 * A step whose coefficients, times and noises are inputs, as a traced and compiled program needs it: the program is
 * made once from the plan of any step, and `planWeights` of each step's plan, float64 until then, goes in with the data.
 */

const rowWeights = (row: Row): number[] => [row.x, ...row.s, ...row.z, ...row.kept];

/** All numbers of a plan in a fixed order: stages with their times, the result, what is kept. */
export const planWeights = ({ stages, result, keep }: Plan): number[] => [
  ...stages.flatMap(stage => [stage.t, ...rowWeights(stage)]),
  ...rowWeights(result),
  ...(keep ? rowWeights(keep) : []),
];

/**
 * A plan of the same form with the given weights, in the order of `planWeights`.
 * @throws RangeError when their number is not that of the plan.
 */
export const withWeights = <W>(plan: Plan, weights: readonly W[]): Plan<W> => {
  const count = planWeights(plan).length;
  if (weights.length !== count) {
    reject('the number of weights', weights.length, `a plan of this form has ${count}; make a program for each form`);
  }
  let used = 0;
  const next = (): W => weights[used++]!;
  const row = ({ s, z, kept }: Row): Row<W> => ({ x: next(), s: s.map(next), z: z.map(next), kept: kept.map(next) });
  return {
    stages: plan.stages.map(stage => ({ t: next(), ...row(stage) })),
    result: row(plan.result),
    ...(plan.keep && { keep: row(plan.keep) }),
    noises: plan.noises,
  };
};

/** x′, and what a multistep method keeps, as functions of tensors alone. */
export type StepProgram = (
  x: Tensor,
  weights: Tensor1D,
  noises: readonly Tensor[],
  kept?: readonly Tensor[],
) => { x: Tensor; keep: Tensor | undefined };

/**
 * The step of every plan that has the form of this one. Steps of a run can differ in form: a multistep method's first
 * step keeps no past, and a step without noise has no place for it.
 * @param score it is given its times as a tensor [B]
 */
export const stepProgram =
  (form: Plan, score: Score): StepProgram =>
  (x, weights, noises, kept = []) => {
    const rows = x.shape[0]!;
    return runPlan<Tensor, Scalar>(
      withWeights(form, unstack(weights) as Scalar[]),
      {
        combine: terms => addN(terms.map(([w, v]) => mul(w, v))),
        score: (state, t) => score(state, mul(fill([rows], 1), t) as Tensor1D),
      },
      x,
      noises,
      kept,
    );
  };
