import { add, type Tensor, tensor1d } from '@tensorflow/tfjs-core';
import { scaleRows } from '../broadcast.js';
import type { GaussianProcess, Score } from '../types.js';

/**
 * An ordinary differential equation whose rows stand at times of their own: the slopes of several tensors [B, …],
 * for example of a state and of its log density. Times are float64.
 */
export type Flow = (parts: readonly Tensor[], t: readonly number[]) => Tensor[];

/** x ↦ f x − ½ g² s with a time for each row. [Song 2021, eq. 13] */
export const flowVelocity =
  (process: GaussianProcess, score: Score) =>
  (x: Tensor, t: readonly number[]): Tensor =>
    add(
      scaleRows(t.map(process.f), x),
      scaleRows(
        t.map(time => -0.5 * process.g(time) ** 2),
        score(x, tensor1d(Float32Array.from(t))),
      ),
    );

/** The probability-flow ODE of one state. */
export const probabilityFlow = (process: GaussianProcess, score: Score): Flow => {
  const velocity = flowVelocity(process, score);
  return ([x], t) => [velocity(x!, t)];
};
