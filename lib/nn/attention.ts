import { add, matMul, mul, reshape, split, type Tensor } from '@tensorflow/tfjs-core';
import { softmax } from './activation.js';
import { dense, type Layer } from './layers.js';
import { groupNorm } from './norm.js';
import { initZeros, type Scope } from './scope.js';

/** Self-attention between the pixels of an image with one head, added to its input: [B, H, W, C] → the same shape. */
export const attention = (scope: Scope, channels: number, groups: number): Layer => {
  const norm = groupNorm(scope.at('norm'), channels, groups);
  const qkv = dense(scope.at('qkv'), channels, 3 * channels);
  const out = dense(scope.at('out'), channels, channels, initZeros);
  return x => {
    const [n = 1, h = 1, w = 1] = x.shape;
    const rows = qkv(reshape(norm(x), [n * h * w, channels])); // [B·HW, 3C]
    const [q, k, v] = split(reshape(rows, [n, h * w, 3 * channels]), 3, -1) as [Tensor, Tensor, Tensor];
    const weights = softmax(mul(matMul(q, k, false, true), 1 / Math.sqrt(channels))); // [B, HW, HW]
    const mixed = reshape(matMul(weights, v), [n * h * w, channels]);
    return add(x, reshape(out(mixed), x.shape));
  };
};
