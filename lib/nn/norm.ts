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
} from '@tensorflow/tfjs-core';
import { reject } from '../errors.js';
import type { Layer } from './layers.js';
import { initOnes, initZeros, type Scope } from './scope.js';

type Save = (tensors: Tensor[]) => void;

/** Mean and 1/√(variance + ε) of each group: [B, 1, G, 1] for y: [B, HW, G, C/G]. */
const statistics = (y: Tensor, epsilon: number) => {
  const centre = mean(y, [1, 3], true);
  const variance = mean(square(sub(y, centre)), [1, 3], true);
  return { centre, r: rsqrt(add(variance, epsilon)) };
};

/** r scale (y − centre) + shift as one product and one sum over the whole array. */
const forward = (y: Tensor, scale: Tensor, shift: Tensor, epsilon: number): Tensor => {
  const { centre, r } = statistics(y, epsilon);
  const a = mul(r, scale); // [B, 1, G, C/G]
  return add(mul(y, a), sub(shift, mul(centre, a)));
};

/**
 * Gradients with respect to y, scale and shift. With ŷ the normalised array and ⟨·⟩ the mean over a group:
 * dy = r (scale d − ⟨scale d⟩ − ŷ ⟨scale d ŷ⟩), again arranged to touch the whole array as seldom as possible.
 */
const backward = (d: Tensor, y: Tensor, scale: Tensor, epsilon: number): Tensor[] => {
  const { centre, r } = statistics(y, epsilon);
  const total = sum(d, 1, true); // Σ d over pixels: [B, 1, G, C/G]
  const along = mul(r, sub(sum(mul(d, y), 1, true), mul(centre, total))); // Σ d ŷ over pixels
  const count = y.shape[1]! * y.shape[3]!;
  const average = (v: Tensor) => mul(sum(mul(v, scale), 3, true), 1 / count); // [B, 1, G, 1]
  const q = neg(mul(square(r), average(along)));
  const rest = add(mul(r, average(total)), mul(centre, q));
  const dy = sub(add(mul(d, mul(r, scale)), mul(y, q)), rest);
  return [dy, sum(along, 0, true), sum(total, 0, true)];
};

/**
 * Normalises y: [B, HW, G, C/G] within each group, times scale and plus shift [1, 1, G, C/G]. Its own gradient passes
 * over the whole array seldom; it starts from the saved inputs, so that second derivatives are right.
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
    const y = reshape(x, [n, x.size / (n * channels), ...grouped]); // [B, HW, G, C/G]
    const [a, b] = [reshape(scale, [1, 1, ...grouped]), reshape(shift, [1, 1, ...grouped])];
    return reshape(normalise(y, a, b, epsilon), x.shape);
  };
};
