import { reject } from '../errors.js';
import type { Chain } from '../process/chain.js';
import { varsigma } from '../process/gaussian.js';
import type { GaussianProcess } from '../types.js';

/** x_t = r x_u + √v z for u < t. */
export interface Transition {
  readonly r: number;
  readonly v: number;
}

/** The forward transition from u to t that a discrete sampler inverts. */
export type TransitionRule = (process: GaussianProcess, t: number, u: number) => Transition;

/**
 * The exact transition of the process, r = α_t/α_u and v = σ_t² − r²σ_u². For VP this is √(1 − β) and β with
 * β = 1 − (α_t/α_u)², for VE 1 and σ_t² − σ_u²; every other process has its own without further ado.
 */
export const exactTransition: TransitionRule = (process, t, u) => {
  const alpha = process.alpha(t);
  const [high, low] = [varsigma(process, t), varsigma(process, u)];
  return { r: alpha / process.alpha(u), v: alpha * alpha * (high - low) * (high + low) };
};

/** One Euler step, r = 1 + f(t) Δt and v = g(t)² Δt: what the authors' code uses for sub-VP. */
export const eulerTransition: TransitionRule = (process, t, u) => ({
  r: 1 + process.f(t) * (t - u),
  v: process.g(t) ** 2 * (t - u),
});

/**
 * The transitions of a discrete chain, whatever the process: level i = 1, …, N stands at time i T/N, and a step from
 * there inverts x_i = factor(i) x_{i−1} + deviation(i) z. With `ddpmChain` and `smldChain` these are the discrete
 * samplers of DDPM and SMLD. [Song 2021, eq. 8 and 10]
 * @throws RangeError at a time where no level stands.
 */
export const chainTransition =
  (chain: Chain): TransitionRule =>
  (process, t) => {
    const i = Math.round((t / process.T) * chain.N);
    if (i < 1) reject('t', t, `levels of this chain stand at ${process.T}/${chain.N}, …, ${process.T}`);
    return { r: chain.factor(i), v: chain.deviation(i) ** 2 };
  };
