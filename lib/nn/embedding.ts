import { add, cast, matMul, oneHot, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { swish } from './activation.js';
import { dense } from './layers.js';
import type { NetworkOptions } from './network.js';
import { initNormal, type Scope } from './scope.js';
import { type Embedding, fourier, sinusoidal } from './time.js';

/** How a network sees the time and the class: `fourierScale` chooses random Fourier features, otherwise sines and cosines. */
export interface Conditioning {
  /** Size of the features; a multiple of 2. */
  readonly embedding: number;
  readonly fourierScale?: number;
  /** The number of classes, for a conditional network. */
  readonly classes?: number;
}

/** Time label and class to one vector per row [B, embedding], through two layers with swish after each. */
export const conditioning = (scope: Scope, config: Conditioning) => {
  const { embedding, fourierScale, classes } = config;
  const features: Embedding =
    fourierScale === undefined ? sinusoidal(embedding) : fourier(scope.at('time'), embedding, fourierScale);
  const first = dense(scope.at('first'), embedding, embedding);
  const second = dense(scope.at('second'), embedding, embedding);
  const table = classes && scope.at('class').variable('w', [classes + 1, embedding], initNormal(1));
  return (label: Tensor1D, { classes: y }: NetworkOptions = {}): Tensor => {
    const hidden = first(features(label));
    // A product with one-hot rows rather than a gather, whose gradient not every backend has. The cast is apart, since
    // asking oneHot itself for float32 gives wrong numbers on wasm.
    const embedded = table && y ? add(hidden, matMul(cast(oneHot(y, table.shape[0] ?? 1), 'float32'), table)) : hidden;
    return swish(second(swish(embedded)));
  };
};
