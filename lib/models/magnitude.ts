import {
  add,
  concat,
  conv2d,
  cos,
  div,
  matMul,
  mean,
  mul,
  reshape,
  sqrt,
  square,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { swish } from '../nn/activation.js';
import { type Init, initNormal, type Scope } from '../nn/scope.js';

/**
 * Operations that keep the magnitude of a signal, the root of the mean square of its numbers: what has 1 going in has 1
 * coming out, in expectation. [Karras 2024, §2.4 and app. B]
 */

/** x over ε plus its magnitude along these axes. */
export const normalise = (x: Tensor, axes: number | number[], epsilon = 1e-4): Tensor =>
  div(x, add(sqrt(mean(square(x), axes, true)), epsilon));

/** Each pixel's channels with magnitude 1: [B, H, W, C]. */
export const pixelNorm = (x: Tensor): Tensor => normalise(x, -1);

/** The magnitude of swish(z) for z ~ N(0, 1), as the original rounds it. [Karras 2024, eq. 81] */
const SWISH = 0.596;

/** swish(x) with magnitude 1 for normal x. */
export const balancedSwish = (x: Tensor): Tensor => mul(swish(x), 1 / SWISH);

/** (1 − t) a + t b with the magnitude of two independent branches. [Karras 2024, eq. 88] */
export const balancedSum = (a: Tensor, b: Tensor, t: number): Tensor => {
  const norm = Math.hypot(1 - t, t);
  return add(mul(a, (1 - t) / norm), mul(b, t / norm));
};

/** a beside b along the channels, with the shares 1 − t and t in what the next layer sees. [Karras 2024, eq. 103] */
export const balancedConcat = (a: Tensor, b: Tensor, t: number): Tensor => {
  const [m, n] = [a.shape.at(-1)!, b.shape.at(-1)!];
  const scale = Math.sqrt(m + n) / Math.hypot(1 - t, t);
  return concat([mul(a, (scale * (1 - t)) / Math.sqrt(m)), mul(b, (scale * t) / Math.sqrt(n))], -1);
};

/** √2 cos(ω c + φ) with fixed random ω and φ: [B] → [B, channels]. [Karras 2024, eq. 75] */
export const balancedFourier = (scope: Scope, channels: number): ((label: Tensor1D) => Tensor) => {
  const frequencies = scope.variable('freqs', [channels], initNormal(2 * Math.PI), false);
  const phases = scope.variable(
    'phases',
    [channels],
    (n, rng) => Float32Array.from(rng.uniforms(n), u => 2 * Math.PI * u),
    false,
  );
  return label => mul(cos(add(mul(reshape(label, [-1, 1]), frequencies), phases)), Math.SQRT2);
};

/** Normal values, of which the n/outputs of each output have magnitude 1; outputs are the last axis. */
const initUnit =
  (outputs: number): Init =>
  (n, rng) => {
    const values = rng.normals(n);
    const squares = new Float64Array(outputs);
    values.forEach((v, i) => {
      squares[i % outputs]! += (v * v * outputs) / n;
    });
    return values.map((v, i) => v / Math.sqrt(squares[i % outputs]!));
  };

/** The axes of a weight over which one output's numbers lie. */
export const allButLast = ({ rank }: Tensor): number[] => Array.from({ length: rank - 1 }, (_, i) => i);

/** A layer without a bias whose output may be scaled by a learnt number. */
export type Balanced = (x: Tensor, gain?: Tensor | number) => Tensor;

/** The kernel that is applied: each output's weights with magnitude 1, over the root of their number. [eq. 47] */
const effective = (w: Tensor, gain: Tensor | number): Tensor => {
  const inputs = w.size / w.shape.at(-1)!;
  return mul(normalise(w, allButLast(w)), mul(gain, 1 / Math.sqrt(inputs)));
};

/** A linear map of vectors, [B, inputs] → [B, outputs]. */
export const balancedLinear = (scope: Scope, inputs: number, outputs: number): Balanced => {
  const w = scope.variable('weight', [inputs, outputs], initUnit(outputs));
  return (x, gain = 1) => matMul(x, effective(w, gain));
};

/** A convolution with a kernel of size², [B, H, W, inputs] → [B, H, W, outputs]. */
export const balancedConvolution = (scope: Scope, inputs: number, outputs: number, size: number): Balanced => {
  const w = scope.variable('weight', [size, size, inputs, outputs], initUnit(outputs));
  return (x, gain = 1) => conv2d(x as Tensor4D, effective(w, gain) as Tensor4D, 1, 'same');
};
