import { add, cast, div, matMul, oneHot, sum, type Tensor, type Tensor1D, tensor1d } from '@tensorflow/tfjs-core';
import { integer, reject, sameShape } from '../errors.js';
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

/**
 * One-hot rows [B, count + 1] of classes. A number that is no class is refused where the host has it; in a tensor, which
 * is not read back for that, it makes its row NaN.
 */
export const classRows = (classes: NetworkOptions['classes'], count: number, rows: number): Tensor => {
  if (classes === undefined) {
    return reject(`the classes for a network of ${count}`, classes, `give one per row; ${count} stands for none`);
  }
  if (!('dataId' in classes)) for (const [i, y] of classes.entries()) integer(`classes[${i}]`, y, 0, count);
  const ids = 'dataId' in classes ? classes : tensor1d([...classes], 'int32');
  sameShape('the classes', ids.shape, [rows]);
  // The cast is apart, since asking oneHot itself for float32 gives wrong numbers on wasm.
  const hot = cast(oneHot(ids, count + 1), 'float32');
  return div(hot, sum(hot, 1, true));
};

/** Time label and class to one vector per row [B, embedding], through two layers with swish after each. */
export const conditioning = (scope: Scope, config: Conditioning) => {
  const { embedding, fourierScale } = config;
  const features: Embedding =
    fourierScale === undefined ? sinusoidal(embedding) : fourier(scope.at('time'), embedding, fourierScale);
  const first = dense(scope.at('first'), embedding, embedding);
  const second = dense(scope.at('second'), embedding, embedding);
  const { classes = 0 } = config;
  const table = classes > 0 && scope.at('class').variable('w', [classes + 1, embedding], initNormal(1));
  return (label: Tensor1D, { classes: y }: NetworkOptions = {}): Tensor => {
    const hidden = first(features(label));
    // A product with one-hot rows rather than a gather, whose gradient not every backend has.
    const embedded = table ? add(hidden, matMul(classRows(y, classes, label.size), table)) : hidden;
    return swish(second(swish(embedded)));
  };
};
