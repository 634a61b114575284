import { finite, positive, within } from '../errors.js';
import { derivative } from '../math/derivative.js';
import type { GaussianProcess } from '../types.js';
import type { Scalar } from './alpha-sigma.js';

/**
 * A path between two laws: x_t = α(t) x_0 + σ(t) x_1 + γ(t) z, in which (x_0, x_1) are drawn together and z ~ N(0, I) apart
 * from them. Neither end has to be noise. Scalars are float64, evaluated on the host. [Albergo 2023, def. 1]
 */
export interface Interpolant {
  readonly T: number;
  /** α, the factor on x_0: 1 at 0 and 0 at T. */
  alpha(t: number): number;
  /** σ, the factor on x_1: 0 at 0 and 1 at T. */
  sigma(t: number): number;
  /** γ, the factor on the latent noise: 0 at both ends. */
  gamma(t: number): number;
  /** α′. */
  alphaRate(t: number): number;
  /** σ′. */
  sigmaRate(t: number): number;
  /** γ γ′ = ½ dγ²/dt, which stays finite where γ rises like a root. */
  gammaGrowth(t: number): number;
}

/** A path from its weights; rates left out are computed to a relative error near 1e-10. */
export const interpolant = (path: {
  readonly alpha: Scalar;
  readonly sigma: Scalar;
  /** No latent noise unless given. */
  readonly gamma?: Scalar;
  readonly T?: number;
  readonly alphaRate?: Scalar;
  readonly sigmaRate?: Scalar;
  readonly gammaGrowth?: Scalar;
}): Interpolant => {
  const { alpha, sigma, gamma, T = 1 } = path;
  const { alphaRate = derivative(alpha, T), sigmaRate = derivative(sigma, T) } = path;
  const growth = gamma ? (path.gammaGrowth ?? derivative(t => gamma(t) ** 2 / 2, T)) : () => 0;
  const guard = (name: string, of: Scalar) => (t: number) =>
    finite(`${name}(${t})`, of(within('t', t, 0, T, 'the path ends there')), 'the path has a pole; end it before');
  return {
    T: positive('T', T),
    alpha: guard('alpha', alpha),
    sigma: guard('sigma', sigma),
    gamma: guard('gamma', gamma ?? (() => 0)),
    alphaRate: guard('alphaRate', alphaRate),
    sigmaRate: guard('sigmaRate', sigmaRate),
    gammaGrowth: guard('gammaGrowth', growth),
  };
};

/**
 * The straight line (1 − t) x_0 + t x_1, with the noise of a Brownian bridge about it, γ² = noise² t (1 − t).
 * [Liu 2022 without noise; Albergo 2023]
 */
export const straightPath = (noise = 0): Interpolant =>
  interpolant({
    alpha: t => 1 - t,
    sigma: t => t,
    alphaRate: () => -1,
    sigmaRate: () => 1,
    ...(noise !== 0 && { gamma: t => noise * Math.sqrt(t * (1 - t)), gammaGrowth: t => noise ** 2 * (0.5 - t) }),
  });

/** cos(πt/2) x_0 + sin(πt/2) x_1, which keeps the covariance of independent ends that share one. [Albergo & Vanden-Eijnden 2022] */
export const circularPath = (): Interpolant => {
  const turn = Math.PI / 2;
  return interpolant({
    alpha: t => Math.cos(turn * t),
    sigma: t => Math.sin(turn * t),
    alphaRate: t => -turn * Math.sin(turn * t),
    sigmaRate: t => turn * Math.cos(turn * t),
  });
};

/** The path of a Gaussian process, whose x_1 is its noise ε: σ′ = f σ + g²/(2σ), which is asked for above t = 0 only. */
export const pathOf = (process: GaussianProcess): Interpolant =>
  interpolant({
    T: process.T,
    alpha: process.alpha,
    sigma: process.sigma,
    alphaRate: t => process.f(t) * process.alpha(t),
    sigmaRate: t => process.f(t) * process.sigma(t) + process.g(t) ** 2 / (2 * process.sigma(t)),
  });
