import { snr } from '../process/gaussian.js';
import type { GaussianProcess } from '../types.js';

/** λ(t), the weight of ‖s_θ − ∇log p(x_t | x_0)‖² in the loss. [Song 2021, eq. 7] */
export type Weighting = (process: GaussianProcess, t: number) => number;

/** λ = σ² ∝ 1/E‖∇log p(x_t | x_0)‖²: every noise level counts alike, and the loss is that of ε-prediction. */
export const varianceWeighting: Weighting = (process, t) => process.sigma(t) ** 2;

/** λ = g²: the loss bounds the negative log-likelihood. [Song 2021b, arXiv 2101.09258, thm. 1] */
export const likelihoodWeighting: Weighting = (process, t) => process.g(t) ** 2;

/** λ = 1. */
export const uniformWeighting: Weighting = () => 1;

/** A weight w(t) of the error ‖D − x_0‖² of the denoised data, as a weight of the score: λ = w σ⁴/α². */
export const dataWeighting =
  (weight: Weighting): Weighting =>
  (process, t) =>
    (weight(process, t) * process.sigma(t) ** 4) / process.alpha(t) ** 2;

/** min(SNR, γ) on the data's error: ε-prediction's weight with the easy, nearly clean times held back. [Hang 2023, §3.4] */
export const minSnrWeighting = (gamma = 5): Weighting =>
  dataWeighting((process, t) => Math.min(snr(process, t), gamma));

/** (ς² + σ_d²)/(ς σ_d)² on the data's error, with which the preconditioned network's error has weight 1. [Karras 2022, table 1] */
export const edmWeighting = (sigmaData = 0.5): Weighting =>
  dataWeighting((process, t) => snr(process, t) + sigmaData ** -2);
