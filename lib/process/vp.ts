import { monotone, positive } from '../errors.js';
import type { GaussianProcess } from '../types.js';
import { gaussianProcess } from './gaussian.js';

/** A noise rate β(t) ≥ 0 and its integral B(t) = ∫₀ᵗ β. */
export interface NoiseRate {
  beta(t: number): number;
  integral(t: number): number;
}

/** β(t) = β_min + t (β_max − β_min) on [0, 1]. [Song 2021, eq. 32] */
export const linearBeta = ({ betaMin = 0.1, betaMax = 20 } = {}): NoiseRate => {
  positive('betaMin', betaMin);
  monotone('[betaMin, betaMax]', [betaMin, betaMax], 1);
  const slope = betaMax - betaMin;
  return { beta: t => betaMin + t * slope, integral: t => t * (betaMin + (t * slope) / 2) };
};

/**
 * Variance preserving: α = e^{−B/2}, σ² = 1 − e^{−B}, f = −β/2, g² = β. [Song 2021, eq. 11, 29]
 * expm1 keeps all digits of σ for small t.
 */
export const vp = ({ beta, integral }: NoiseRate = linearBeta(), T = 1): GaussianProcess =>
  gaussianProcess({
    T: positive('T', T),
    alpha: t => Math.exp(-integral(t) / 2),
    sigma: t => Math.sqrt(-Math.expm1(-integral(t))),
    f: t => -beta(t) / 2,
    g: t => Math.sqrt(beta(t)),
  });

/** Sub-VP: α as VP, σ = 1 − e^{−B}, g² = β (1 − e^{−2B}); its variance lies below VP's at every t. [Song 2021, eq. 14, 29] */
export const subVp = ({ beta, integral }: NoiseRate = linearBeta(), T = 1): GaussianProcess =>
  gaussianProcess({
    T: positive('T', T),
    alpha: t => Math.exp(-integral(t) / 2),
    sigma: t => -Math.expm1(-integral(t)),
    f: t => -beta(t) / 2,
    g: t => Math.sqrt(-beta(t) * Math.expm1(-2 * integral(t))),
  });
