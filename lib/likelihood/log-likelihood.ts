import { add, mul, reshape, square, sum, type Tensor, type Tensor1D, tidy, zeros } from '@tensorflow/tfjs-core';
import { positive } from '../errors.js';
import { type AdaptiveOptions, type Flow, flowVelocity, solveAdaptive } from '../solve/index.js';
import type { GaussianProcess, Score } from '../types.js';
import type { Divergence } from './divergence.js';

/** log N(x; 0, deviation² I) of each row, [B]. */
export const normalLogDensity = (x: Tensor, deviation: number): Tensor1D =>
  tidy(() => {
    const d = x.size / x.shape[0]!;
    const squares = sum(square(reshape(x, [x.shape[0]!, d])), 1);
    const constant = -0.5 * d * Math.log(2 * Math.PI * positive('deviation', deviation) ** 2);
    return add(mul(squares, -0.5 / deviation ** 2), constant) as Tensor1D;
  });

/** The log density of the start of sampling, x_T: [B, ...event] → [B]. */
export type LogPrior = (x: Tensor) => Tensor1D;

export interface LikelihoodOptions extends AdaptiveOptions {
  /** Where integration starts: the result is log p_ε, not log p_0. Default 1e-5. */
  readonly epsilon?: number;
}

export interface LogLikelihood {
  /** log p_ε(x) in nats, [B]; the caller owns it. */
  readonly logDensity: Tensor1D;
  /** The encoding x_T; the caller owns it. */
  readonly latent: Tensor;
  readonly evaluations: number;
}

/** The probability flow and, beside it, ∫∇·velocity dt. [Song 2021, eq. 39] */
export const flowWithDivergence = (process: GaussianProcess, score: Score, divergence: Divergence): Flow => {
  const velocity = flowVelocity(process, score);
  return ([x], t) => [velocity(x!, t), divergence(velocity, x!, t)];
};

/**
 * log p_ε(x) = log p_T(x_T) + ∫∇·velocity dt along the probability flow, every row with its own steps.
 * [Song 2021, eq. 39; sect. 4.3]
 * @param x [B, ...event], taken as a state at time epsilon
 * @param divergence `exactTrace()`, or `hutchinson(directions)` with directions shaped like x
 */
export const logLikelihood = (
  process: GaussianProcess,
  score: Score,
  x: Tensor,
  divergence: Divergence,
  prior: LogPrior,
  { epsilon = 1e-5, ...options }: LikelihoodOptions = {},
): LogLikelihood => {
  const flow = flowWithDivergence(process, score, divergence);
  const start = zeros([x.shape[0]!]);
  const { parts, evaluations } = solveAdaptive(flow, [x, start], epsilon, process.T, options);
  const [latent, change] = parts as [Tensor, Tensor1D];
  const logDensity = tidy(() => add(prior(latent), change) as Tensor1D);
  start.dispose();
  change.dispose();
  return { logDensity, latent, evaluations };
};
