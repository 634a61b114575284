import { monotone, positive } from '../errors.js';
import { derivative } from '../math/derivative.js';
import { integrate } from '../math/quadrature.js';
import type { GaussianProcess } from '../types.js';
import { varianceRate } from './alpha-sigma.js';
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

/**
 * Variance exploding with any rising level σ(t): the kernel's variance is σ(t)² − σ(0)², and g² = 2 σ σ′.
 * @param level σ(t)
 * @param rate σ′(t); left out, it is computed to a relative error near 1e-10
 */
export const veFrom = (level: (t: number) => number, T = 1, rate?: (t: number) => number): GaussianProcess => {
  const start = level(0);
  const slope = rate ?? derivative(level, T);
  // σ(t) − σ(0) would lose digits for small t; its integral does not.
  const rise = start === 0 ? level : (t: number) => integrate(slope, 0, t);
  const growth = varianceRate(level, T, start === 0 ? rate : slope);
  return gaussianProcess({
    T,
    alpha: () => 1,
    sigma: t => Math.sqrt(rise(t) * (level(t) + start)),
    f: () => 0,
    g: t => Math.sqrt(growth(t)),
  });
};
