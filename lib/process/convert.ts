import type { GaussianProcess } from '../types.js';
import { gaussianProcess, varsigma } from './gaussian.js';

/**
 * The same noise levels ς(t) seen through another scale: x̂ = x · A(ς)/α, where A is the α of a family as a function of ς.
 * A family of kernels is its A: 1 for VE, 1/√(1+ς²) for VP, (−ς+√(ς²+4))/2 for sub-VP, 1/(1+ς) for rectified flow.
 * @param logRate A′/A
 */
export const rescale = (
  process: GaussianProcess,
  A: (varsigma: number) => number,
  logRate: (varsigma: number) => number,
): GaussianProcess => {
  const at = (t: number) => varsigma(process, t);
  /** dς²/dt = g²/α². */
  const growth = (t: number) => (process.g(t) / process.alpha(t)) ** 2;
  return gaussianProcess({
    T: process.T,
    alpha: t => A(at(t)),
    sigma: t => at(t) * A(at(t)),
    f: t => (logRate(at(t)) * growth(t)) / (2 * at(t)),
    g: t => A(at(t)) * Math.sqrt(growth(t)),
  });
};

/** x̂ = x/√(α² + σ²): f̂ = −½ d log(1 + ς²)/dt. */
export const toVp = (process: GaussianProcess): GaussianProcess => {
  const norm = (t: number) => Math.hypot(process.alpha(t), process.sigma(t));
  return gaussianProcess({
    T: process.T,
    alpha: t => process.alpha(t) / norm(t),
    sigma: t => process.sigma(t) / norm(t),
    f: t => -((process.g(t) / norm(t)) ** 2) / 2,
    g: t => process.g(t) / norm(t),
  });
};

/** x̂ = x/α: ĝ² = dς²/dt. */
export const toVe = (process: GaussianProcess): GaussianProcess =>
  gaussianProcess({
    T: process.T,
    alpha: () => 1,
    sigma: t => varsigma(process, t),
    f: () => 0,
    g: t => process.g(t) / process.alpha(t),
  });

/** The kernel with σ̂ = 1 − α̂² and the same ς; its drift at t = 0 is a limit that is not taken. */
export const toSubVp = (process: GaussianProcess): GaussianProcess =>
  rescale(
    process,
    v => 2 / (v + Math.sqrt(v * v + 4)),
    v => -1 / Math.sqrt(v * v + 4),
  );

/** The kernel with σ̂ = 1 − α̂ and the same ς; its drift at t = 0 is a limit that is not taken. */
export const toRectifiedFlow = (process: GaussianProcess): GaussianProcess =>
  rescale(
    process,
    v => 1 / (1 + v),
    v => -1 / (1 + v),
  );
