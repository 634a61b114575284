import { derivative, logSlope } from '../math/derivative.js';
import type { GaussianProcess } from '../types.js';
import { gaussianProcess } from './gaussian.js';

/** A function of time, float64. */
export type Scalar = (t: number) => number;

/**
 * d(σ²)/dt = 2 σ σ′ where σ′ is known, otherwise from the slope of ln σ² against ln t, which is smooth at 0 where σ
 * itself may rise as steeply as √t.
 */
export const varianceRate = (sigma: Scalar, T: number, sigmaRate?: Scalar): Scalar => {
  if (sigmaRate) return t => 2 * sigma(t) * sigmaRate(t);
  const variance: Scalar = t => sigma(t) ** 2;
  const [slope, atZero] = [logSlope(variance, T), derivative(variance, T)];
  return t => (t > 0 ? (variance(t) * slope(t)) / t : atZero(t));
};

/**
 * A process from its kernel: f = α′/α, g² = 2 σ σ′ − 2 f σ² = α² d(ς²)/dt. The functions have α(0) = 1, σ(0) = 0 and
 * σ/α rising, otherwise g² is negative and g refuses. [Kingma 2021, eq. 9; Song 2021, eq. 29 backwards]
 * The rates are α′(t) and σ′(t); rates left out are computed to a relative error near 1e-10
 */
export const fromAlphaSigma = (kernel: {
  readonly alpha: Scalar;
  readonly sigma: Scalar;
  readonly T?: number;
  readonly alphaRate?: Scalar;
  readonly sigmaRate?: Scalar;
}): GaussianProcess => {
  const { alpha, sigma, T = 1 } = kernel;
  const { alphaRate = derivative(alpha, T), sigmaRate } = kernel;
  const f: Scalar = t => alphaRate(t) / alpha(t);
  const rate = varianceRate(sigma, T, sigmaRate);
  return gaussianProcess({ T, alpha, sigma, f, g: t => Math.sqrt(rate(t) - 2 * f(t) * sigma(t) ** 2) });
};

/**
 * A process in the form of EDM: x = s(t)(x_0 + σ(t) ε), so that α = s and this σ is ς; f = s′/s, g = s √(2 σ′ σ).
 * [Karras 2022, eq. 4 and app. B]
 */
export const fromScaleSigma = (form: {
  readonly scale: Scalar;
  readonly sigma: Scalar;
  readonly T?: number;
  readonly scaleRate?: Scalar;
  readonly sigmaRate?: Scalar;
}): GaussianProcess => {
  const { scale, sigma, T = 1 } = form;
  const { scaleRate = derivative(scale, T), sigmaRate } = form;
  const rate = varianceRate(sigma, T, sigmaRate);
  return gaussianProcess({
    T,
    alpha: scale,
    sigma: t => scale(t) * sigma(t),
    f: t => scaleRate(t) / scale(t),
    g: t => scale(t) * Math.sqrt(rate(t)),
  });
};

/** EDM's own choice: s = 1, σ = t, up to σ_max. [Karras 2022, table 1] */
export const edm = (sigmaMax = 80): GaussianProcess =>
  fromScaleSigma({ scale: () => 1, sigma: t => t, T: sigmaMax, scaleRate: () => 0, sigmaRate: () => 1 });
