import { acos, add, clipByValue, div, mul, norm, reshape, sin, sum, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { type OdeOptions, probabilityFlow, solveOde } from '../adaptive/index.js';
import { earliestTime } from '../process/inverse.js';
import type { GaussianProcess, Score } from '../types.js';

/** How the probability flow is followed, and where data stand on it. */
export interface FlowOptions extends OdeOptions {
  /** The time at which data stand. Default 1e-5 T. */
  readonly epsilon?: number;
}

const along = (process: GaussianProcess, score: Score, x: Tensor, from: number, to: number, options: OdeOptions) => {
  const { parts } = solveOde(probabilityFlow(process, score), [x], from, to, options);
  return parts[0]!;
};

/** x_T of data x along the probability flow, [B, ...event]: a code that depends on the data law alone. [Song 2021, 4.3] */
export const encode = (
  process: GaussianProcess,
  score: Score,
  x: Tensor,
  { epsilon = earliestTime(process), ...options }: FlowOptions = {},
): Tensor => along(process, score, x, epsilon, process.T, options);

/** Data from codes x_T, the inverse of `encode`. */
export const decode = (
  process: GaussianProcess,
  score: Score,
  latent: Tensor,
  { epsilon = earliestTime(process), ...options }: FlowOptions = {},
): Tensor => along(process, score, latent, process.T, epsilon, options);

/**
 * Spherical interpolation of codes, row by row: [B, ...event] at fraction q from `from` (0) to `to` (1). It keeps the norm
 * that codes of many dimensions share, where a straight line would pass through unlikely, too short codes.
 */
export const interpolate = (from: Tensor, to: Tensor, q: number): Tensor =>
  tidy(() => {
    const n = from.shape[0]!;
    const [a, b] = [from, to].map(v => reshape(v, [n, -1])) as [Tensor, Tensor];
    const unit = (v: Tensor): Tensor => div(v, norm(v, 2, 1, true));
    const cosine = clipByValue(sum(mul(unit(a), unit(b)), 1, true), -1 + 1e-6, 1 - 1e-6); // [B, 1]
    const angle = acos(cosine);
    const weight = (share: number): Tensor => div(sin(mul(angle, share)), sin(angle));
    return reshape(add(mul(weight(1 - q), a), mul(weight(q), b)), from.shape);
  });

/** Codes pulled towards the centre of the prior: below 1 samples grow more typical, above 1 more varied. */
export const temper = (latent: Tensor, temperature: number): Tensor => tidy(() => mul(latent, temperature));
