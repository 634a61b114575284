import { add, mul, reshape, type Tensor } from '@tensorflow/tfjs-core';
import { swish } from '../nn/activation.js';
import type { Layer } from '../nn/layers.js';
import type { NetworkOptions } from '../nn/network.js';
import type { Scope } from '../nn/scope.js';
import type { NcsnppConfig } from './config.js';
import { convolution, linear, norm, pixelwise } from './layers.js';
import type { Resample } from './resample.js';

/** What every block sees beside its input: time and class as a vector [B, 4 width], and the options of the call. */
export type Context = { readonly embedded: Tensor; readonly options: NetworkOptions };
/** Maps an image, told time and class. */
export type Block = (x: Tensor, context: Context) => Tensor;

/** The sum of two branches. */
export const summed =
  ({ rescale }: NcsnppConfig) =>
  (x: Tensor, h: Tensor): Tensor =>
    rescale ? mul(add(x, h), Math.SQRT1_2) : add(x, h);

/** What changes the channels of the branch that goes past a block, where it has to. */
const shortcut = (scope: Scope, inputs: number, outputs: number, resized: boolean, config: NcsnppConfig): Layer => {
  if (config.resize === 'convolution') {
    return inputs === outputs ? x => x : pixelwiseImage(scope.at('NIN_0'), inputs, outputs);
  }
  return inputs === outputs && !resized ? x => x : convolution(scope.at('Conv_2'), inputs, outputs, { size: 1 });
};

const pixelwiseImage = (scope: Scope, inputs: number, outputs: number): Layer => {
  const map = pixelwise(scope, inputs, outputs);
  return x => {
    const [n = 1, h = 1, w = 1] = x.shape;
    return reshape(map(reshape(x, [n * h * w, inputs])), [n, h, w, outputs]);
  };
};

/**
 * GroupNorm, swish, convolution, twice, with the time added between; `resize` halves or doubles both branches after
 * the first swish. [Ho 2020, app. B; Brock 2018; Song 2021, app. H]
 */
export const residual = (
  scope: Scope,
  inputs: number,
  outputs: number,
  config: NcsnppConfig,
  resize?: Resample,
): Block => {
  const norm0 = norm(scope.at('GroupNorm_0'), inputs);
  const conv0 = convolution(scope.at('Conv_0'), inputs, outputs);
  const time = linear(scope.at('Dense_0'), 4 * config.width, outputs);
  const norm1 = norm(scope.at('GroupNorm_1'), outputs);
  const conv1 = convolution(scope.at('Conv_1'), outputs, outputs, { scale: config.initScale });
  const past = shortcut(scope, inputs, outputs, resize !== undefined, config);
  const sum = summed(config);
  const size: Resample = resize ?? (x => x);
  return (x, { embedded, options: { dropout: drop = v => v } }) => {
    const shift = reshape(time(swish(embedded)), [-1, 1, 1, outputs]);
    const hidden = add(conv0(size(swish(norm0(x)))), shift);
    return sum(past(size(x)), conv1(drop(swish(norm1(hidden)))));
  };
};
