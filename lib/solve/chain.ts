import { reject, within } from '../errors.js';
import type { Chain } from '../process/chain.js';
import { varsigma } from '../process/gaussian.js';
import type { GaussianProcess } from '../types.js';
import { fromRule, type Method } from './plan.js';

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

/** x′ = (2 − r) x + v s + √v z: the forward step mirrored. [Song 2021, app. E] */
export const reverseDiffusion = (transition: TransitionRule = exactTransition): Method =>
  fromRule((process, t, u) => {
    const { r, v } = transition(process, t, u);
    return { a: 2 - r, b: v, c: Math.sqrt(v) };
  });

/** x′ = (2 − r) x + ½v s; the sign of ½v is +, also for VE. [Song 2021, app. D] */
export const reverseFlow = (transition: TransitionRule = exactTransition): Method =>
  fromRule((process, t, u) => {
    const { r, v } = transition(process, t, u);
    return { a: 2 - r, b: 0.5 * v, c: 0 };
  });

/**
 * Ancestral sampling: the mean (x + v s)/r of x_u given x_t and the x_0 that the score implies.
 * The variance is v^w (vσ_u²/σ_t²)^(1−w): w = 0 is the posterior's own, w = 1 DDPM's larger choice.
 * [Song 2021, eq. 4 for VP with w = 1; app. F for VE with w = 0]
 */
export const ancestral = (w = 0, transition: TransitionRule = exactTransition): Method => {
  within('the weight w of the variance', w, 0, 1);
  return fromRule((process, t, u) => {
    const { r, v } = transition(process, t, u);
    const posterior = v * (process.sigma(u) / process.sigma(t)) ** 2;
    return { a: 1 / r, b: v / r, c: Math.sqrt(v ** w * posterior ** (1 - w)) };
  });
};

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
