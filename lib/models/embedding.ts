import { add, mul, slice, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { swish } from '../nn/activation.js';
import { classRows } from '../nn/embedding.js';
import type { NetworkOptions } from '../nn/network.js';
import type { Scope } from '../nn/scope.js';
import { fourier, sinusoidal } from '../nn/time.js';
import type { NcsnppConfig } from './config.js';
import { linear } from './layers.js';

/** A scope of its own for the next layer in the order of construction, which is what names the original's layers. */
export type NextScope = () => Scope;

/**
 * Time label and class to a vector per row, [B, 4 width]. A class adds its row of a table, times the root of their
 * number, to the time's features; no class adds the bias alone. [Karras 2022, its code]
 */
export const embedding = (next: NextScope, classScope: Scope, config: NcsnppConfig) => {
  const { width, fourierScale, classes = 0 } = config;
  const size = fourierScale === undefined ? width : 2 * width;
  const features = fourierScale === undefined ? sinusoidal(size) : fourier(next(), size, fourierScale);
  const first = linear(next(), size, 4 * width);
  const second = linear(next(), 4 * width, 4 * width);
  const table = classes > 0 ? linear(classScope, classes, size) : undefined;
  return (label: Tensor1D, { classes: y }: NetworkOptions): Tensor => {
    const time = features(label);
    const chosen = () => mul(slice(classRows(y, classes, label.size), [0, 0], [-1, classes]), Math.sqrt(classes));
    return second(swish(first(table ? add(time, table(chosen())) : time)));
  };
};
