import {
  add,
  mean,
  mul,
  type Scalar,
  square,
  sub,
  type Tensor,
  type Tensor1D,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core';
import { sameShape } from '../errors.js';
import type { Interpolant } from '../process/interpolant.js';
import type { Rng } from '../rng/rng.js';
import { perRow } from '../rows.js';
import type { Label } from '../score/prediction.js';
import type { Apply } from '../score/score.js';
import { stratifiedTimes, type TimeDistribution, uniformDistribution } from './times.js';

/** Points on paths, and what their networks are trained to; `dispose` of TensorFlow.js takes it whole. */
export type PathBatch = {
  /** x_t, [B, ...event], each row at its own time. */
  readonly x: Tensor;
  readonly label: Tensor1D;
  /** α′x_0 + σ′x_1. */
  readonly ends: Tensor;
  /** z. */
  readonly latent: Tensor;
};

/** How points on paths are drawn: times uniform on [0, T] and stratified, and seen as they are, unless given. */
export interface PathOptions {
  readonly distribution?: TimeDistribution;
  readonly label?: Label;
}

/**
 * A batch for these pairs of ends, as they are coupled.
 * @param x0 [B, ...event]
 * @param x1 [B, ...event]
 */
export const pathBatch = (
  path: Interpolant,
  x0: Tensor,
  x1: Tensor,
  rng: Rng,
  { distribution = uniformDistribution(0, path.T), label = t => t }: PathOptions = {},
): PathBatch => {
  sameShape('x_1', x1.shape, x0.shape);
  const times = stratifiedTimes(distribution, x0.shape[0] ?? 1, rng);
  const latent = rng.normal(x0.shape);
  const sumOf = (...terms: [(t: number) => number, Tensor][]): Tensor =>
    terms.map(([weight, v]) => mul(perRow(times.map(weight), v), v)).reduce((sum, v) => add(sum, v));
  return {
    x: tidy(() => sumOf([path.alpha, x0], [path.sigma, x1], [path.gamma, latent])),
    label: tensor1d(Array.from(times, label)),
    ends: tidy(() => sumOf([path.alphaRate, x0], [path.sigmaRate, x1])),
    latent,
  };
};

/**
 * The mean of (output − what)² over rows and dimensions. Its minimiser is E[ends | x_t], for flow matching, or E[z | x_t], for the
 * score. [Albergo 2023, thm. 7 and 8; Lipman 2022]
 */
export const pathLossOf =
  (apply: Apply, what: 'ends' | 'latent' = 'ends') =>
  (batch: PathBatch): Scalar =>
    tidy(() => {
      const output = apply(batch.x, batch.label);
      sameShape('the output of the network', output.shape, batch.x.shape);
      return mean(square(sub(output, batch[what]))) as Scalar;
    });
