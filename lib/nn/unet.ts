import { add, concat, reshape, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { reject } from '../errors.js';
import type { Rng } from '../rng/rng.js';
import { swish } from './activation.js';
import { attention } from './attention.js';
import { type Conditioning, conditioning } from './embedding.js';
import { conv, convTranspose, dense, type Layer } from './layers.js';
import { disposeAll, type Network, type NetworkOptions } from './network.js';
import { groupNorm } from './norm.js';
import { initZeros, parameterScope, type Scope } from './scope.js';

/** The sizes of a `unet`, and how it sees time and class. */
export interface UnetConfig extends Conditioning {
  /** Channels of the image. */
  readonly channels: number;
  /** Channels at the finest level. */
  readonly width: number;
  /** The width of each level as a multiple of `width`; each level halves the image. */
  readonly multipliers: readonly number[];
  /** Residual blocks at each level on the way down, and again on the way up. */
  readonly blocks: number;
  /** Levels with self-attention, counted from 0, the finest. */
  readonly attention: readonly number[];
  readonly groups: number;
  /** 2 joins 2×2 pixels by a strided convolution first, for a quarter of the cost. */
  readonly patch: number;
}

/** What every block sees beside its input: the embedded time and class, and the options of the call. */
type Context = { readonly embedded: Tensor; readonly options: NetworkOptions };
type Block = (x: Tensor, context: Context) => Tensor;

/** GroupNorm, swish, convolution, twice, with the time added between. [Ho 2020, app. B] */
const residual = (scope: Scope, inputs: number, outputs: number, { groups, embedding }: UnetConfig): Block => {
  const norm1 = groupNorm(scope.at('norm1'), inputs, groups);
  const conv1 = conv(scope.at('conv1'), inputs, outputs);
  const time = dense(scope.at('time'), embedding, outputs);
  const norm2 = groupNorm(scope.at('norm2'), outputs, groups);
  const conv2 = conv(scope.at('conv2'), outputs, outputs, { init: initZeros });
  const skip = inputs === outputs ? undefined : conv(scope.at('skip'), inputs, outputs, { size: 1 });
  return (x, context) => {
    const shift = reshape(time(context.embedded), [-1, 1, 1, outputs]);
    const hidden = swish(norm2(add(conv1(swish(norm1(x))), shift)));
    const drop = context.options.dropout;
    return add(conv2(drop ? drop(hidden) : hidden), skip ? skip(x) : x);
  };
};

const level = (scope: Scope, inputs: number, outputs: number, attend: boolean, config: UnetConfig): Block => {
  const block = residual(scope.at('residual'), inputs, outputs, config);
  const mix = attend ? attention(scope.at('attention'), outputs, config.groups) : undefined;
  return (x, context) => (mix ? mix(block(x, context)) : block(x, context));
};

/** The way down pushes each state on the stack; the way up takes them back. */
type Stage = (x: Tensor, context: Context, stack: Tensor[]) => Tensor;

const down = (scope: Scope, config: UnetConfig, sizes: number[]): Stage[] => {
  const { multipliers, width, blocks, attention: attended } = config;
  const push =
    (block: Block): Stage =>
    (x, context, stack) => {
      const y = block(x, context);
      stack.push(y);
      return y;
    };
  return multipliers.flatMap((multiplier, i) => {
    const here = scope.at(i);
    const outputs = width * multiplier;
    const inner = Array.from({ length: blocks }, (_, j) => {
      const inputs = sizes.at(-1)!;
      sizes.push(outputs);
      return push(level(here.at(j), inputs, outputs, attended.includes(i), config));
    });
    if (i === multipliers.length - 1) return inner;
    sizes.push(outputs);
    const halve: Layer = conv(here.at('down'), outputs, outputs, { stride: 2 });
    return [...inner, push(halve)];
  });
};

const up = (scope: Scope, config: UnetConfig, sizes: number[]): Stage[] => {
  const { multipliers, width, blocks, attention: attended } = config;
  let current = sizes.at(-1)!;
  return [...multipliers.keys()].reverse().flatMap(i => {
    const here = scope.at(i);
    const outputs = width * multipliers[i]!;
    const inner = Array.from({ length: blocks + 1 }, (_, j): Stage => {
      const block = level(here.at(j), current + sizes.pop()!, outputs, attended.includes(i), config);
      current = outputs;
      return (x, context, stack) => block(concat([x, stack.pop()!], -1), context);
    });
    return i === 0 ? inner : [...inner, convTranspose(here.at('up'), outputs, outputs)];
  });
};

/** The layers at the image: in to `width` channels, out from the finest level's. */
const ends = (scope: Scope, config: UnetConfig): { enter: Layer; leave: Layer } => {
  const { channels, width, multipliers, groups, patch } = config;
  const finest = width * multipliers[0]!;
  const enter = conv(scope.at('enter'), channels, width, patch === 1 ? {} : { size: patch, stride: patch });
  const norm = groupNorm(scope.at('leave').at('norm'), finest, groups);
  const last = scope.at('leave').at('conv');
  const out =
    patch === 1
      ? conv(last, finest, channels, { init: initZeros })
      : convTranspose(last, finest, channels, { size: patch, stride: patch, init: initZeros });
  return { enter, leave: x => out(swish(norm(x))) };
};

/** Down, two blocks in the middle with attention between, and up. */
const body = (scope: Scope, config: UnetConfig): Block => {
  const sizes = [config.width];
  const descend = down(scope.at('down'), config, sizes);
  const deepest = sizes.at(-1)!;
  const middle = [config.attention.length > 0, false].map((attend, i) =>
    level(scope.at('middle').at(i), deepest, deepest, attend, config),
  );
  const ascend = up(scope.at('up'), config, sizes);
  return (x, context) => {
    const stack = [x];
    const low = descend.reduce((h, stage) => stage(h, context, stack), x);
    const mid = middle.reduce((h, block) => block(h, context), low);
    return ascend.reduce((h, stage) => stage(h, context, stack), mid);
  };
};

/**
 * A U-Net for images x [B, H, W, channels] → the same shape. H and W have to be divisible by patch · 2^(levels − 1).
 * Upsampling is by transposed convolution, whose gradient every backend has. Its first output is 0. [Ho 2020, app. B]
 */
export const unet = (config: UnetConfig, rng: Rng): Network<UnetConfig> => {
  const { channels, multipliers, patch } = config;
  const { scope, parameters } = parameterScope(rng);
  const embed = conditioning(scope.at('conditioning'), config);
  const { enter, leave } = ends(scope, config);
  const through = body(scope, config);
  const multiple = patch * 2 ** (multipliers.length - 1);
  const check = (shape: number[]) => {
    const [, h = 0, w = 0, c] = shape;
    const fits = shape.length === 4 && h % multiple === 0 && w % multiple === 0 && c === channels;
    if (!fits) reject('the shape of x', shape, `[B, H, W, ${channels}] with H and W multiples of ${multiple}`);
  };
  return {
    config,
    parameters,
    apply: (x, label, options = {}) => {
      check(x.shape);
      return tidy(() => leave(through(enter(x), { embedded: embed(label, options), options })));
    },
    dispose: () => disposeAll(parameters),
  };
};
