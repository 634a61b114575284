import { add, clipByValue, matMul, mul, reshape, type Tensor, transpose, unstack } from '@tensorflow/tfjs-core';
import { softmax } from '../nn/activation.js';
import type { NetworkOptions } from '../nn/network.js';
import { initZeros, type Scope } from '../nn/scope.js';
import type { Edm2Config } from './edm2-config.js';
import { balancedConvolution, balancedLinear, balancedSum, balancedSwish, normalise, pixelNorm } from './magnitude.js';
import type { Resample } from './resample.js';
import type { Block } from './residual.js';

/** What sets one block apart from another. */
interface Edm2Block {
  readonly inputs: number;
  readonly outputs: number;
  /** Channels of the embedding. */
  readonly embedding: number;
  /** On the way down channels are changed and pixels normalised before the branch, on the way up after it. */
  readonly way: 'down' | 'up';
  readonly resize?: Resample;
  readonly attends?: boolean;
}

/** Self-attention between all pixels by the cosine of queries and keys, in heads of so many channels. */
const cosineAttention = (scope: Scope, channels: number, head: number) => {
  const toAll = balancedConvolution(scope.at('attn_qkv'), channels, 3 * channels, 1);
  const out = balancedConvolution(scope.at('attn_proj'), channels, channels, 1);
  return (x: Tensor): Tensor => {
    const [n = 1, h = 1, w = 1] = x.shape;
    const heads = channels / head;
    const parts = transpose(reshape(toAll(x), [n, h * w, heads, head, 3]), [4, 0, 2, 1, 3]); // [3, B, heads, HW, C]
    const [q, k, v] = unstack(normalise(parts, -1)) as [Tensor, Tensor, Tensor];
    const weights = softmax(mul(matMul(q, k, false, true), 1 / Math.sqrt(head)));
    return out(reshape(transpose(matMul(weights, v), [0, 2, 1, 3]), [n, h, w, channels]));
  };
};

/** The branch of a block: swish and convolution, twice, scaled by the embedding between. */
const branch = (scope: Scope, inputs: number, outputs: number, embedding: number) => {
  const gain = scope.variable('emb_gain', [], initZeros);
  const first = balancedConvolution(scope.at('conv_res0'), inputs, outputs, 3);
  const told = balancedLinear(scope.at('emb_linear'), embedding, outputs);
  const second = balancedConvolution(scope.at('conv_res1'), outputs, outputs, 3);
  return (x: Tensor, embedded: Tensor, { dropout: drop = v => v }: NetworkOptions): Tensor => {
    const scale = reshape(add(told(embedded, gain), 1), [-1, 1, 1, outputs]);
    return second(drop(balancedSwish(mul(first(balancedSwish(x)), scale))));
  };
};

/** A residual block of EDM2, with attention where it has some. [Karras 2024, fig. 21] */
export const edm2Block = (scope: Scope, block: Edm2Block, { balance, limit, headChannels }: Edm2Config): Block => {
  const { inputs, outputs, embedding, way, resize = x => x, attends = false } = block;
  const down = way === 'down';
  const inner = branch(scope, down ? outputs : inputs, outputs, embedding);
  const past = inputs === outputs ? (x: Tensor) => x : balancedConvolution(scope.at('conv_skip'), inputs, outputs, 1);
  const attend = attends ? cosineAttention(scope, outputs, headChannels) : undefined;
  return (x, { embedded, options }) => {
    const sized = resize(x);
    const entered = down ? pixelNorm(past(sized)) : sized;
    const y = inner(entered, embedded, options);
    const summed = balancedSum(down ? entered : past(sized), y, balance.block);
    const mixed = attend ? balancedSum(summed, attend(summed), balance.attention) : summed;
    return clipByValue(mixed, -limit, limit);
  };
};
