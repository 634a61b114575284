import { add, moments, mul, reshape, rsqrt, sub } from '@tensorflow/tfjs-core';
import { reject } from '../errors.js';
import type { Layer } from './layers.js';
import { initOnes, initZeros, type Scope } from './scope.js';

/**
 * Group normalisation with a learnt scale and shift per channel: [B, H, W, C] → the same shape. Every group of
 * C/groups channels has mean 0 and variance 1 within an image. [Wu 2018]
 * @throws RangeError when the groups do not divide the channels
 */
export const groupNorm = (scope: Scope, channels: number, groups: number, epsilon = 1e-5): Layer => {
  if (channels % groups !== 0) reject('groups', groups, `it has to divide the ${channels} channels`);
  const scale = scope.variable('scale', [channels], initOnes);
  const shift = scope.variable('shift', [channels], initZeros);
  return x => {
    const [n = 1, ...rest] = x.shape;
    const y = reshape(x, [n, x.size / (n * channels), groups, channels / groups]); // [B, HW, G, C/G]
    const { mean, variance } = moments(y, [1, 3], true);
    const z = mul(sub(y, mean), rsqrt(add(variance, epsilon)));
    return add(mul(reshape(z, [n, ...rest]), scale), shift);
  };
};
