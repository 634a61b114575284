import type { GaussianProcess } from '../types.js';

/** λ(t), the weight of ‖s_θ − ∇log p(x_t | x_0)‖² in the loss. [Song 2021, eq. 7] */
export type Weighting = (process: GaussianProcess, t: number) => number;

/** λ = σ² ∝ 1/E‖∇log p(x_t | x_0)‖²: every noise level counts alike, and the loss is that of ε-prediction. */
export const unitNoise: Weighting = (process, t) => process.sigma(t) ** 2;

/** λ = g²: the loss bounds the negative log-likelihood. [Song 2021b, arXiv 2101.09258, thm. 1] */
export const likelihood: Weighting = (process, t) => process.g(t) ** 2;

/** λ = 1. */
export const unitScore: Weighting = () => 1;
