import {
  add,
  customGrad,
  mean,
  mul,
  neg,
  reshape,
  rsqrt,
  square,
  sub,
  sum,
  type Tensor,
  tile,
} from '@tensorflow/tfjs-core';
import { reject } from '../errors.js';
import type { Layer } from './layers.js';
import { initOnes, initZeros, type Scope } from './scope.js';

type Save = (tensors: Tensor[]) => void;

/** A value per channel, [B, 1, C], as [B, 1, G, C/G], and back. */
const byGroup = (v: Tensor, groups: number): Tensor => {
  const [n = 1, , channels = 1] = v.shape;
  return reshape(v, [n, 1, groups, channels / groups]);
};
const byChannel = (v: Tensor): Tensor => reshape(v, [v.shape[0]!, 1, v.shape[2]! * v.shape[3]!]);

/**
 * Mean and 1/√(variance + ε) of each group: [B, 1, G, 1] for y: [B, HW, C]. Each channel is centred on its own mean; the
 * variance of a group is the mean of its channels' variances and the variance of their means.
 */
const statistics = (y: Tensor, groups: number, epsilon: number) => {
  const means = mean(y, 1, true); // [B, 1, C]
  const within = byGroup(mean(square(sub(y, means)), 1, true), groups);
  const grouped = byGroup(means, groups);
  const centre = mean(grouped, 3, true);
  const variance = mean(add(within, square(sub(grouped, centre))), 3, true);
  return { centre, r: rsqrt(add(variance, epsilon)) };
};

/** r scale (y − centre) + shift as one product and one sum over the whole array. */
const forward = (y: Tensor, scale: Tensor, shift: Tensor, epsilon: number): Tensor => {
  const { centre, r } = statistics(y, scale.shape[2]!, epsilon);
  const a = mul(r, scale); // [B, 1, G, C/G]
  return add(mul(y, byChannel(a)), byChannel(sub(shift, mul(centre, a))));
};

/**
 * Gradients with respect to y, scale and shift. With ŷ the normalised array and ⟨·⟩ the mean over a group:
 * dy = r (scale d − ⟨scale d⟩ − ŷ ⟨scale d ŷ⟩), again arranged to touch the whole array as seldom as possible.
 */
const backward = (d: Tensor, y: Tensor, scale: Tensor, epsilon: number): Tensor[] => {
  const [, , groups, width] = scale.shape as [number, number, number, number];
  const { centre, r } = statistics(y, groups, epsilon);
  const total = byGroup(sum(d, 1, true), groups); // Σ d over pixels: [B, 1, G, C/G]
  const product = byGroup(sum(mul(d, y), 1, true), groups);
  const along = mul(r, sub(product, mul(centre, total))); // Σ d ŷ over pixels
  const average = (v: Tensor) => mul(sum(mul(v, scale), 3, true), 1 / (y.shape[1]! * width)); // [B, 1, G, 1]
  const everyChannel = (v: Tensor) => byChannel(tile(v, [1, 1, 1, width]));
  const q = neg(mul(square(r), average(along)));
  const rest = add(mul(r, average(total)), mul(centre, q));
  const scaled = sub(mul(d, byChannel(mul(r, scale))), everyChannel(rest));
  return [add(scaled, mul(y, everyChannel(q))), sum(along, 0, true), sum(total, 0, true)];
};

/**
 * Normalises y: [B, HW, C] within each group, times scale and plus shift [1, 1, G, C/G]. Its own gradient passes over
 * the whole array seldom; it starts from the saved inputs, so that second derivatives are right.
 */
const normalise = (y: Tensor, scale: Tensor, shift: Tensor, epsilon: number): Tensor =>
  customGrad((...args) => {
    const save = args.pop() as unknown as Save;
    const [a, b, c] = args as [Tensor, Tensor, Tensor];
    save([a, b]);
    const gradFunc = (d: Tensor, saved: Tensor[]) => backward(d, saved[0]!, saved[1]!, epsilon);
    return { value: forward(a, b, c, epsilon), gradFunc };
  })(y, scale, shift);

/**
 * Group normalisation with a learnt scale and shift per channel: [B, H, W, C] → the same shape. Every group of
 * C/groups channels has mean 0 and variance 1 within an image. [Wu 2018]
 * @throws RangeError when the groups do not divide the channels
 */
export const groupNorm = (scope: Scope, channels: number, groups: number, epsilon = 1e-5): Layer => {
  if (channels % groups !== 0) reject('groups', groups, `it has to divide the ${channels} channels`);
  const scale = scope.variable('scale', [channels], initOnes);
  const shift = scope.variable('shift', [channels], initZeros);
  const grouped = [groups, channels / groups];
  return x => {
    const [n = 1] = x.shape;
    const y = reshape(x, [n, x.size / (n * channels), channels]); // [B, HW, C]
    const [a, b] = [reshape(scale, [1, 1, ...grouped]), reshape(shift, [1, 1, ...grouped])];
    return reshape(normalise(y, a, b, epsilon), x.shape);
  };
};
