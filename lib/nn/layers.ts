import { add, conv2d, conv2dTranspose, matMul, reshape, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { type Init, initScaled, initZeros, type Scope } from './scope.js';

/** A layer is a function of tensors that holds its variables. */
export type Layer = (x: Tensor) => Tensor;

/** x W + b on the last axis: [..., inputs] → [..., outputs]. */
export const dense = (scope: Scope, inputs: number, outputs: number, init: Init = initScaled(inputs)): Layer => {
  const w = scope.variable('w', [inputs, outputs], init);
  const b = scope.variable('b', [outputs], initZeros);
  return x => {
    const rows = x.rank === 2 ? x : reshape(x, [-1, inputs]);
    const y = add(matMul(rows, w), b);
    return x.rank === 2 ? y : reshape(y, [...x.shape.slice(0, -1), outputs]);
  };
};

/** Convolution, kernel size²: [B, H, W, inputs] → [B, ⌈H/stride⌉, ⌈W/stride⌉, outputs]. */
export const conv = (
  scope: Scope,
  inputs: number,
  outputs: number,
  {
    size = 3,
    stride = 1,
    init = initScaled(size * size * inputs),
  }: { size?: number; stride?: number; init?: Init } = {},
): Layer => {
  const w = scope.variable('w', [size, size, inputs, outputs], init);
  const b = scope.variable('b', [outputs], initZeros);
  return x => add(conv2d(x as Tensor4D, w as unknown as Tensor4D, stride, 'same'), b);
};

/**
 * Transposed convolution, which upsamples: [B, H, W, inputs] → [B, stride·H, stride·W, outputs]. Each output pixel
 * sees (size/stride)² kernel cells, and the first values allow for it.
 */
export const convTranspose = (
  scope: Scope,
  inputs: number,
  outputs: number,
  {
    size = 3,
    stride = 2,
    init = initScaled((inputs * size * size) / (stride * stride)),
  }: { size?: number; stride?: number; init?: Init } = {},
): Layer => {
  const w = scope.variable('w', [size, size, outputs, inputs], init);
  const b = scope.variable('b', [outputs], initZeros);
  return x => {
    const [n = 1, h = 1, v = 1] = x.shape;
    const shape: [number, number, number, number] = [n, h * stride, v * stride, outputs];
    return add(conv2dTranspose(x as Tensor4D, w as unknown as Tensor4D, shape, stride, 'same'), b);
  };
};
