import { add, mul, reshape, square, sub, sum, type Tensor, type Tensor1D, tensor1d, tidy, zeros } from '@tensorflow/tfjs-core'; // biome-ignore format: one line
import { scaleRows } from '../broadcast.js';
import { integer } from '../errors.js';
import type { Rng } from '../rng/rng.js';
import type { GaussianProcess, Score } from '../types.js';
import type { LogPrior } from './log-likelihood.js';

/** Times in [epsilon, T] and, for each, the weight 1/density that makes a mean an integral. */
export type TimeProposal = (n: number, rng: Rng) => { t: Float64Array; weight: Float64Array };

/** Uniform times: weights T − epsilon. */
export const uniformProposal =
  (process: GaussianProcess, epsilon: number): TimeProposal =>
  (n, rng) => ({
    t: rng.uniforms(n).map(u => epsilon + u * (process.T - epsilon)),
    weight: new Float64Array(n).fill(process.T - epsilon),
  });

const rowSquares = (x: Tensor): Tensor => sum(square(reshape(x, [x.shape[0]!, -1])), 1);

/** Each row at its own time: x_t and the score of its kernel, −ε/σ. */
const perturbed = (process: GaussianProcess, x: Tensor, t: Float64Array, rng: Rng) => {
  const noise = rng.normal(x.shape);
  const state = add(scaleRows(t.map(process.alpha), x), scaleRows(t.map(process.sigma), noise));
  return { state, kernel: scaleRows(t.map(time => -1 / process.sigma(time)), noise) }; // biome-ignore format: one line
};

/**
 * An unbiased estimate of a lower bound of log p(x), one value a row, in nats:
 * E log π(x_T) − ½∫E[g²(‖s − k‖² − ‖k‖²) − 2d f] dt, k = ∇log p(x_t | x_0), from `epsilon` to T. For
 * the exact score and the law π of x_T its mean is E[log p_ε(x_ε) | x_0]; for any other score it is lower. [Song 2021b (likelihood), thm. 3]
 * @param x data [B, ...event] at time 0
 * @param draws Monte Carlo draws a row
 */
export const variationalBound = (
  process: GaussianProcess,
  score: Score,
  x: Tensor,
  prior: LogPrior,
  rng: Rng,
  { epsilon = 1e-5, draws = 1, times = uniformProposal(process, epsilon) } = {},
): Tensor1D =>
  tidy(() => {
    const n = x.shape[0]!;
    const d = x.size / n;
    let total: Tensor = zeros([n]);
    for (let i = 0; i < integer('draws', draws, 1); i++) {
      const end = perturbed(process, x, new Float64Array(n).fill(process.T), rng);
      const { t, weight } = times(n, rng);
      const { state, kernel } = perturbed(process, x, t, rng);
      const gap = sub(
        rowSquares(sub(score(state, tensor1d(Float32Array.from(t))), kernel)),
        rowSquares(kernel),
      );
      const pull = mul(gap, tensor1d(Float32Array.from(t, (v, k) => -0.5 * weight[k]! * process.g(v) ** 2)));
      const spread = tensor1d(Float32Array.from(t, (v, k) => weight[k]! * d * process.f(v)));
      total = add(total, add(prior(end.state), add(pull, spread)));
    }
    return mul(total, 1 / draws) as Tensor1D;
  });
