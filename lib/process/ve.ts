import { monotone, positive } from '../errors.js';
import type { GaussianProcess } from '../types.js';
import { gaussianProcess } from './gaussian.js';

/**
 * Variance exploding, geometric: levels σ_min (σ_max/σ_min)^t on [0, 1]; α = 1, f = 0, g = level · √(2 ln(σ_max/σ_min)).
 * The kernel's σ(t)² = level² − σ_min², so that σ(0) = 0. [Song 2021, eq. 9, 29–31]
 */
export const ve = ({ sigmaMin = 0.01, sigmaMax = 50 } = {}): GaussianProcess => {
  positive('sigmaMin', sigmaMin);
  monotone('[sigmaMin, sigmaMax]', [sigmaMin, sigmaMax], 1);
  const rate = Math.log(sigmaMax / sigmaMin);
  return gaussianProcess({
    T: 1,
    alpha: () => 1,
    sigma: t => sigmaMin * Math.sqrt(Math.expm1(2 * t * rate)),
    f: () => 0,
    g: t => sigmaMin * Math.exp(t * rate) * Math.sqrt(2 * rate),
  });
};
