import type { GaussianProcess } from '../types.js';
import { gaussianProcess } from './gaussian.js';
import { cosineBeta, linearBeta, type NoiseRate, stableDiffusionBeta, straightBeta } from './schedules.js';

/**
 * Variance preserving: α = e^{−B/2}, σ² = 1 − e^{−B}, f = −β/2, g² = β. [Song 2021, eq. 11, 29]
 * expm1 keeps all digits of σ for small t.
 */
export const vp = ({ beta, integral }: NoiseRate = linearBeta(), T = 1): GaussianProcess =>
  gaussianProcess({
    T,
    alpha: t => Math.exp(-integral(t) / 2),
    sigma: t => Math.sqrt(-Math.expm1(-integral(t))),
    f: t => -beta(t) / 2,
    g: t => Math.sqrt(beta(t)),
  });

/** Sub-VP: α as VP, σ = 1 − e^{−B}, g² = β (1 − e^{−2B}); its variance lies below VP's at every t. [Song 2021, eq. 14, 29] */
export const subVp = ({ beta, integral }: NoiseRate = linearBeta(), T = 1): GaussianProcess =>
  gaussianProcess({
    T,
    alpha: t => Math.exp(-integral(t) / 2),
    sigma: t => -Math.expm1(-integral(t)),
    f: t => -beta(t) / 2,
    g: t => Math.sqrt(-beta(t) * Math.expm1(-2 * integral(t))),
  });

/**
 * Rectified flow as a diffusion: σ = 1 − α, g² = β (1 − e^{−B/2}); by default α = 1 − t, σ = t. The drift has a pole at
 * t = 1, so the process ends at T = .999; methods written in α and σ may take T = 1. [Liu 2022; Lipman 2022]
 */
export const rectifiedFlow = ({ beta, integral }: NoiseRate = straightBeta(), T = 0.999): GaussianProcess =>
  gaussianProcess({
    T,
    alpha: t => Math.exp(-integral(t) / 2),
    sigma: t => -Math.expm1(-integral(t) / 2),
    f: t => -beta(t) / 2,
    g: t => Math.sqrt(-beta(t) * Math.expm1(-integral(t) / 2)),
  });

/** VP with the schedule of Stable Diffusion. */
export const stableDiffusion = (): GaussianProcess => vp(stableDiffusionBeta());

/** VP with the cosine schedule, ended at T before the pole of β at 1; α(.995) = .0078. [Nichol & Dhariwal 2021] */
export const cosine = ({ s = 0.008, T = 0.995 } = {}): GaussianProcess => vp(cosineBeta(s), T);
