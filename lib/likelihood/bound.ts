import { add, mul, sub, type Tensor, type Tensor1D, tensor1d, tidy, zeros } from '@tensorflow/tfjs-core';
import { integer } from '../errors.js';
import { drawTimes, type TimeDistribution, uniformDistribution } from '../loss/times.js';
import { earliestTime } from '../process/inverse.js';
import type { Rng } from '../rng/rng.js';
import { rowDot, scaleRows } from '../rows.js';
import type { GaussianProcess, Score } from '../types.js';
import type { LogPrior } from './log-likelihood.js';

const rowSquares = (x: Tensor): Tensor => rowDot(x, x);

/** Each row at its own time: x_t and the score of its kernel, −ε/σ. */
const perturbed = (process: GaussianProcess, x: Tensor, t: Float64Array, rng: Rng) => {
  const noise = rng.normal(x.shape);
  const state = add(scaleRows(x, t.map(process.alpha)), scaleRows(noise, t.map(process.sigma)));
  return {
    state,
    kernel: scaleRows(
      noise,
      t.map(time => -1 / process.sigma(time)),
    ),
  };
};

/** How the integral over time in the bound is estimated. */
export interface BoundOptions {
  /** ε, where the bound's interval begins; 1e-5 T by default. */
  readonly epsilon?: number;
  /** Monte Carlo draws per row, 1 by default. */
  readonly draws?: number;
  /** How the times are drawn on [epsilon, T]; uniform by default. */
  readonly distribution?: TimeDistribution;
}

/**
 * An unbiased estimate of a lower bound of log p(x), one value per row, in nats:
 * E log π(x_T) − ½∫E[g²(‖s − k‖² − ‖k‖²) − 2d f] dt, k = ∇log p(x_t | x_0), from `epsilon` to T. For
 * the exact score and the law π of x_T its mean is E[log p_ε(x_ε) | x_0]; for any other score it is lower. Since ‖k‖²
 * cancels, uniform times do better here than those of `importanceDistribution`. [Song 2021b (likelihood), thm. 3]
 * @param x data [B, ...event] at time 0
 */
export const variationalBound = (
  process: GaussianProcess,
  score: Score,
  x: Tensor,
  prior: LogPrior,
  rng: Rng,
  {
    epsilon = earliestTime(process),
    draws = 1,
    distribution = uniformDistribution(epsilon, process.T),
  }: BoundOptions = {},
): Tensor1D =>
  tidy(() => {
    const n = x.shape[0]!;
    const d = x.size / n;
    let total: Tensor = zeros([n]);
    for (let i = 0; i < integer('draws', draws, 1); i++) {
      const end = perturbed(process, x, new Float64Array(n).fill(process.T), rng);
      const t = drawTimes(distribution, n, rng);
      const weight = t.map(time => (process.T - epsilon) / distribution.density(time));
      const { state, kernel } = perturbed(process, x, t, rng);
      const gap = sub(rowSquares(sub(score(state, tensor1d(Float32Array.from(t))), kernel)), rowSquares(kernel));
      const pull = mul(gap, tensor1d(Float32Array.from(t, (v, k) => -0.5 * weight[k]! * process.g(v) ** 2)));
      const spread = tensor1d(Float32Array.from(t, (v, k) => weight[k]! * d * process.f(v)));
      total = add(total, add(prior(end.state), add(pull, spread)));
    }
    return mul(total, 1 / draws) as Tensor1D;
  });
