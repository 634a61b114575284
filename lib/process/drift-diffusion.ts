import { integrate } from '../math/quadrature.js';
import type { GaussianProcess } from '../types.js';
import { gaussianProcess } from './gaussian.js';

/**
 * A process from its drift f(t) x and diffusion g(t): α = exp ∫₀ᵗ f and σ² = ∫₀ᵗ g(u)² (α(t)/α(u))² du by adaptive
 * quadrature, to a relative error near 1e-13. [Song 2021, eq. 29; Särkkä & Solin 2019, eq. 6.20]
 */
export const fromDriftDiffusion = (f: (t: number) => number, g: (t: number) => number, T = 1): GaussianProcess => {
  const log = (from: number, to: number) => integrate(f, from, to);
  const added = (t: number) => (u: number) => g(u) ** 2 * Math.exp(2 * log(u, t));
  return gaussianProcess({
    T,
    alpha: t => Math.exp(log(0, t)),
    sigma: t => Math.sqrt(integrate(added(t), 0, t)),
    f,
    g,
  });
};
