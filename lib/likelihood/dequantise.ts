import { add, mul, type Tensor, type Tensor1D, tidy } from '@tensorflow/tfjs-core';
import { positive } from '../errors.js';
import type { Rng } from '../rng/rng.js';

/** How integer levels lie in the model's space: level k becomes [low + k·width, low + (k + 1)·width). */
export interface Levels {
  readonly low: number;
  readonly width: number;
}

/** 256 levels over [−1, 1), the scaling of VP models. */
export const centred256: Levels = { low: -1, width: 2 / 256 };

/** 256 levels over [0, 1), the scaling of VE models. */
export const unit256: Levels = { low: 0, width: 1 / 256 };

/** low + width (k + u) with u ~ U[0, 1): uniform dequantisation of integer levels [B, ...event]. [Theis 2016] */
export const dequantise = (levels: Tensor, { low, width }: Levels, rng: Rng): Tensor =>
  tidy(() => add(mul(add(levels, rng.uniform(levels.shape)), positive('width', width)), low));

/**
 * Bits per dimension of the integers from log densities in the model's space: −log₂ p/d − log₂ width. On average over
 * the dequantising noise it bounds the bits of the integers from above. [Theis 2016]
 * @param logDensity nats, [B]
 * @param dimensions d, the coordinates of one event
 */
export const bitsPerDimension = (logDensity: Tensor1D, dimensions: number, { width }: Levels): Tensor1D =>
  tidy(() => add(mul(logDensity, -1 / (positive('dimensions', dimensions) * Math.LN2)), -Math.log2(width)) as Tensor1D);
