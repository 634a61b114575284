import { type Tensor, tensor1d } from '@tensorflow/tfjs-core';
import { noNoise, reverseDrift } from '../process/reverse.js';
import type { Transport } from '../process/transport.js';
import type { GaussianProcess, Score } from '../types.js';

/**
 * An ordinary differential equation whose rows stand at times of their own: the slopes of several tensors [B, …],
 * for example of a state and of its log density. Times are float64.
 */
export type Flow = (parts: readonly Tensor[], t: readonly number[]) => Tensor[];

/** The probability-flow ODE of one state, dx/dt = f x − ½ g² s with a time for each row. [Song 2021, eq. 13] */
export const probabilityFlow = (process: GaussianProcess, score: Score): Flow => {
  const velocity = reverseDrift(process, score, noNoise);
  return ([x], t) => [velocity(x!, t)];
};

/** The flow of a transport, dx/dt = b(x, t), with a time for each row. */
export const transportFlow =
  ({ velocity }: Transport): Flow =>
  ([x], t) => [velocity(x!, tensor1d(Float32Array.from(t)))];
