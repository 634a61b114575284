import {
  add,
  conv2d,
  conv2dTranspose,
  matMul,
  mul,
  pad,
  reshape,
  reverse,
  type Tensor,
  type Tensor4D,
  transpose,
} from '@tensorflow/tfjs-core';
import { softmax } from '../nn/activation.js';
import { dense, type Layer } from '../nn/layers.js';
import { groupNorm } from '../nn/norm.js';
import { type Init, initUniform, initZeros, type Scope } from '../nn/scope.js';
import { blur, double } from './resample.js';

/** The layers of the original networks, with their parts under the names that they have there. */

/** Uniform with the variance scale · 2/(inputs + outputs); zeros for 0, where the original has 1e-10. [Glorot 2010] */
const initGlorot = (scale: number, inputs: number, outputs: number): Init =>
  scale === 0 ? initZeros : initUniform(Math.sqrt((6 * scale) / (inputs + outputs)));

/** A linear map of vectors, `weight` and `bias`. */
export const linear = (scope: Scope, inputs: number, outputs: number): Layer =>
  dense(scope, inputs, outputs, initGlorot(1, inputs, outputs));

/** A linear map of each pixel's channels, `NIN`: network in network. */
export const pixelwise = (scope: Scope, inputs: number, outputs: number, scale = 0.1): Layer =>
  dense(scope, inputs, outputs, initGlorot(scale, inputs, outputs));

/** How a kernel moves over the image. */
interface Stride {
  readonly stride: number;
  readonly padding: 'same' | 'valid';
}

/** A convolution with a kernel of size², [B, H, W, inputs] → [B, H/stride, W/stride, outputs]. */
export const convolution = (
  scope: Scope,
  inputs: number,
  outputs: number,
  { size = 3, scale = 1, stride = 1, padding = 'same' }: { size?: number; scale?: number } & Partial<Stride> = {},
): Layer => {
  const area = size * size;
  const w = scope.variable('w', [size, size, inputs, outputs], initGlorot(scale, area * inputs, area * outputs));
  const b = scope.variable('b', [outputs], initZeros);
  return x => add(conv2d(x as Tensor4D, w as unknown as Tensor4D, stride, padding), b);
};

/** Group normalisation over min(C/4, 32) groups. */
export const norm = (scope: Scope, channels: number): Layer =>
  groupNorm(scope, channels, Math.min(Math.floor(channels / 4), 32), 1e-6);

/** Filters, then a 3×3 convolution at every second pixel; without a filter the convolution alone. */
export const convolveDown = (scope: Scope, inputs: number, outputs: number, taps: readonly number[]): Layer => {
  const smooth = taps.length > 2;
  const conv = convolution(scope.at(smooth ? 'Conv2d_0' : 'Conv_0'), inputs, outputs, { stride: 2, padding: 'valid' });
  if (smooth)
    return (
      margin => x =>
        conv(margin(x))
    )(blur(taps, 2));
  return x =>
    conv(
      pad(x, [
        [0, 0],
        [0, 1],
        [0, 1],
        [0, 0],
      ]),
    );
};

/** Pixels spread by a 3×3 kernel to twice the size, then filtered; without a filter pixels repeated, then a convolution. */
export const convolveUp = (scope: Scope, inputs: number, outputs: number, taps: readonly number[]): Layer => {
  if (taps.length === 2) {
    const [repeat, conv] = [double(taps), convolution(scope.at('Conv_0'), inputs, outputs)];
    return x => conv(repeat(x));
  }
  const inner = scope.at('Conv2d_0');
  const w = inner.variable('w', [3, 3, inputs, outputs], initGlorot(1, 9 * inputs, 9 * outputs));
  const b = inner.variable('b', [outputs], initZeros);
  const smooth = blur(taps, 1, 2);
  return x => {
    const [n = 1, height = 1, width = 1] = x.shape;
    const size: [number, number, number, number] = [n, 2 * height + 1, 2 * width + 1, outputs];
    return add(smooth(conv2dTranspose(x as Tensor4D, flipped(w), size, 2, 'valid')), b);
  };
};

/** [3, 3, in, out] turned by half a turn, with its channels swapped, as a transposed convolution reads it. */
const flipped = (w: Tensor): Tensor4D => transpose(reverse(w as Tensor4D, [0, 1]), [0, 1, 3, 2]);

/** Self-attention between all pixels with one head. [Ho 2020, app. B] */
export const attend = (
  scope: Scope,
  channels: number,
  initScale: number,
  sum: (x: Tensor, h: Tensor) => Tensor,
): Layer => {
  const normalise = norm(scope.at('GroupNorm_0'), channels);
  const [toQ, toK, toV] = [0, 1, 2].map(i => pixelwise(scope.at(`NIN_${i}`), channels, channels)) as [
    Layer,
    Layer,
    Layer,
  ];
  const out = pixelwise(scope.at('NIN_3'), channels, channels, initScale);
  return x => {
    const [n = 1, h = 1, w = 1] = x.shape;
    const rows = reshape(normalise(x), [n * h * w, channels]);
    const [q, k, v] = [toQ, toK, toV].map(map => reshape(map(rows), [n, h * w, channels])) as [Tensor, Tensor, Tensor];
    const weights = softmax(mul(matMul(q, k, false, true), 1 / Math.sqrt(channels))); // [B, HW, HW]
    return sum(x, reshape(out(reshape(matMul(weights, v), [n * h * w, channels])), x.shape));
  };
};
