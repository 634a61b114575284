import { add, matMul, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { swish } from '../nn/activation.js';
import { classRows } from '../nn/embedding.js';
import type { NetworkOptions } from '../nn/network.js';
import { initNormal, type Scope } from '../nn/scope.js';
import { fourier, sinusoidal } from '../nn/time.js';
import type { NcsnppConfig } from './config.js';
import { linear } from './layers.js';

/** A scope of its own for the next layer in the order of construction, which is what names the original's layers. */
export type NextScope = () => Scope;

/** Time label and class to a vector per row, [B, 4 width]. A class adds a row of a table to the first layer's output. */
export const embedding = (next: NextScope, classScope: Scope, config: NcsnppConfig) => {
  const { width, fourierScale, classes = 0 } = config;
  const features = fourierScale === undefined ? sinusoidal(width) : fourier(next(), 2 * width, fourierScale);
  const first = linear(next(), fourierScale === undefined ? width : 2 * width, 4 * width);
  const second = linear(next(), 4 * width, 4 * width);
  const table = classes > 0 && classScope.variable('w', [classes + 1, 4 * width], initNormal(1));
  return (label: Tensor1D, { classes: y }: NetworkOptions): Tensor => {
    const hidden = first(features(label));
    return second(swish(table ? add(hidden, matMul(classRows(y, classes, label.size), table)) : hidden));
  };
};
