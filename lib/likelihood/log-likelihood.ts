import { add, mul, type Tensor, type Tensor1D, tidy, zeros } from '@tensorflow/tfjs-core';
import { type Flow, type OdeOptions, solveOde } from '../adaptive/index.js';
import { positive } from '../errors.js';
import { earliestTime } from '../process/inverse.js';
import { priorDeviation } from '../process/perturb.js';
import { noNoise, reverseDrift } from '../process/reverse.js';
import type { Rng } from '../rng/rng.js';
import { rowDot } from '../rows.js';
import type { GaussianProcess, Score } from '../types.js';
import { type Divergence, hutchinson, signDirections } from './divergence.js';

/** The log density of the start of sampling, x_T: [B, ...event] → [B]. */
export type LogPrior = (x: Tensor) => Tensor1D;

/** log N(x; 0, deviation² I) of each row, [B]. */
export const normalLogDensity = (x: Tensor, deviation: number): Tensor1D =>
  tidy(() => {
    const d = x.size / x.shape[0]!;
    const constant = -0.5 * d * Math.log(2 * Math.PI * positive('deviation', deviation) ** 2);
    return add(mul(rowDot(x, x), -0.5 / deviation ** 2), constant) as Tensor1D;
  });

/** The prior that samplers start from, as `prior` draws it. */
export const normalPrior =
  (process: GaussianProcess, dataVariance = 1): LogPrior =>
  x =>
    normalLogDensity(x, priorDeviation(process, dataVariance));

/** What `logLikelihood` takes beside the model, each with a default. */
export interface LikelihoodOptions extends OdeOptions {
  /** How ∇·velocity is computed: `exactTrace()`, or `hutchinson(directions)` with directions shaped like x; by default signs. */
  readonly divergence?: Divergence;
  /** log p_T; by default `normalPrior(process)`. */
  readonly prior?: LogPrior;
  /** Where integration starts: the result is log p_ε, not log p_0. Default 1e-5 T. */
  readonly epsilon?: number;
}

/** The log density of each row, and what came out beside it. */
export interface LogLikelihood {
  /** log p_ε(x) in nats, [B]; the caller owns it. */
  readonly logDensity: Tensor1D;
  /** The encoding x_T; the caller owns it. */
  readonly latent: Tensor;
  readonly evaluations: number;
}

/** The probability flow and, beside it, ∫∇·velocity dt. [Song 2021, eq. 39] */
export const flowWithDivergence = (process: GaussianProcess, score: Score, divergence: Divergence): Flow => {
  const velocity = reverseDrift(process, score, noNoise);
  return ([x], t) => [velocity(x!, t), divergence(velocity, x!, t)];
};

/**
 * log p_ε(x) = log p_T(x_T) + ∫∇·velocity dt along the probability flow, every row with its own steps.
 * [Song 2021, eq. 39; sect. 4.3]
 * @param x [B, ...event], taken as a state at time epsilon
 * @param rng for the directions of the default divergence
 */
export const logLikelihood = (
  process: GaussianProcess,
  score: Score,
  x: Tensor,
  rng: Rng,
  { divergence, prior = normalPrior(process), epsilon = earliestTime(process), ...options }: LikelihoodOptions = {},
): LogLikelihood => {
  const directions = divergence ? undefined : signDirections(x.shape, rng);
  const flow = flowWithDivergence(process, score, divergence ?? hutchinson(directions!));
  const start = zeros([x.shape[0]!]);
  try {
    const { parts, evaluations } = solveOde(flow, [x, start], epsilon, process.T, options);
    const [latent, change] = parts as [Tensor, Tensor1D];
    const logDensity = tidy(() => add(prior(latent), change) as Tensor1D);
    change.dispose();
    return { logDensity, latent, evaluations };
  } finally {
    start.dispose();
    directions?.dispose();
  }
};
