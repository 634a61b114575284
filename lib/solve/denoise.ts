import { type Tensor, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { denoised } from '../score/score.js';
import type { GaussianProcess, Score } from '../types.js';

/** E[x_0 | x_t] = (x + σ² s)/α, Tweedie's formula, at the end of a run; t is one time or one per row. */
export const denoise = (process: GaussianProcess, score: Score, x: Tensor, t: number | readonly number[]): Tensor =>
  tidy(() => denoised(process, score)(x, typeof t === 'number' ? t : tensor1d([...t])));
