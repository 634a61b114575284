import { add, concat, div, exp, mul, reshape, sub, type Tensor, type Tensor1D, tidy } from '@tensorflow/tfjs-core';
import { reject } from '../errors.js';
import { swish } from '../nn/activation.js';
import type { Layer } from '../nn/layers.js';
import { disposeAll, type Network } from '../nn/network.js';
import { parameterScope } from '../nn/scope.js';
import type { Rng } from '../rng/rng.js';
import { checkConfig, levelsOf, type NcsnppConfig } from './config.js';
import { embedding, type NextScope } from './embedding.js';
import { attend, convolution, norm } from './layers.js';
import { inputPyramid, outputPyramid } from './pyramid.js';
import { type Block, residual, summed } from './residual.js';
import { resizers } from './resize.js';

/** A state on the way down, kept for the way up, and what of the image's pyramid has come along. */
interface Descent {
  readonly stack: Tensor[];
  pyramid: Tensor;
}
type Down = (state: Descent, ...context: Parameters<Block> extends [Tensor, ...infer C] ? C : never) => void;

const attention = (next: NextScope, channels: number, config: NcsnppConfig): Layer =>
  attend(next(), channels, config.initScale, summed(config));

/** The way down; `sizes` gathers the channels of what it leaves on the stack. */
const descent = (next: NextScope, config: NcsnppConfig, sizes: number[]): Down[] => {
  const { multipliers, width, blocks, attention: attended } = config;
  const { shrink } = resizers(config);
  const pyramid = inputPyramid(config);
  return multipliers.flatMap((multiplier, level) => {
    const outputs = width * multiplier;
    const inner = Array.from({ length: blocks }, (): Down => {
      const block = residual(next(), sizes.at(-1)!, outputs, config);
      const mix = attended.includes(level) ? attention(next, outputs, config) : undefined;
      sizes.push(outputs);
      return ({ stack }, context) => {
        const h = block(stack.at(-1)!, context);
        stack.push(mix ? mix(h) : h);
      };
    });
    if (level === levelsOf(config) - 1) return inner;
    const smaller = shrink(next(), outputs);
    const join = pyramid(next, outputs);
    sizes.push(join.channels);
    const step: Down = (state, context) => {
      const joined = join.apply(state.pyramid, smaller(state.stack.at(-1)!, context));
      state.pyramid = joined.pyramid;
      state.stack.push(joined.h);
    };
    return [...inner, step];
  });
};

/** A state on the way up, and the output so far. */
interface Ascent {
  h: Tensor;
  pyramid: Tensor | undefined;
}
type Up = (state: Ascent, stack: Tensor[], context: Parameters<Block>[1]) => void;

const ascent = (next: NextScope, config: NcsnppConfig, sizes: number[]): Up[] => {
  const { multipliers, width, blocks, attention: attended } = config;
  const { grow } = resizers(config);
  const pyramid = outputPyramid(config);
  let current = sizes.at(-1)!;
  return [...multipliers.keys()].reverse().flatMap(level => {
    const outputs = width * multipliers[level]!;
    const inner = Array.from({ length: blocks + 1 }, (): Up => {
      const block = residual(next(), current + sizes.pop()!, outputs, config);
      current = outputs;
      return (state, stack, context) => {
        state.h = block(concat([state.h, stack.pop()!], -1), context);
      };
    });
    const mix = attended.includes(level) ? attention(next, outputs, config) : undefined;
    const join = pyramid(next, outputs);
    const larger: Block = level === 0 ? h => h : grow(next(), outputs);
    const step: Up = (state, _stack, context) => {
      const joined = join(state.pyramid, mix ? mix(state.h) : state.h);
      state.pyramid = joined.pyramid;
      state.h = larger(joined.h, context);
    };
    return [...inner, step];
  });
};

/** From the centred image to the output, all layers in the order in which the original makes them. */
const body = (next: NextScope, config: NcsnppConfig): Block => {
  const { channels, width, multipliers, initScale, output } = config;
  const enter = convolution(next(), channels, width);
  const sizes = [width];
  const down = descent(next, config, sizes);
  const deepest = sizes.at(-1)!;
  const before = residual(next(), deepest, deepest, config);
  const mix = attention(next, deepest, config);
  const after = residual(next(), deepest, deepest, config);
  const up = ascent(next, config, sizes);
  const finest = width * multipliers[0]!;
  const leave =
    output === 'skip'
      ? undefined
      : ([norm(next(), finest), convolution(next(), finest, channels, { scale: initScale })] as const);
  return (x, context) => {
    const state: Descent = { stack: [enter(x)], pyramid: x };
    for (const step of down) step(state, context);
    const { stack } = state;
    const rise: Ascent = { h: after(mix(before(stack.at(-1)!, context)), context), pyramid: undefined };
    for (const step of up) step(rise, stack, context);
    return leave ? leave[1](swish(leave[0](rise.h))) : rise.pyramid!;
  };
};

/** log σ of a label: itself, or that of a level. */
const logSigma = ({ levels }: NcsnppConfig, label: Tensor1D): Tensor => {
  if (!levels) return label;
  const { sigmaMin, sigmaMax, count } = levels;
  return add(mul(label, Math.log(sigmaMin / sigmaMax) / (count - 1)), Math.log(sigmaMax));
};

/**
 * The network of a configuration, for images x [B, H, W, channels] → the same shape. H and W have to be divisible by
 * 2^(levels − 1). The time label is 999 t, log σ with Fourier features, or the number of a level. Parameters have the original's names, in the
 * layouts of this library; `readOriginal` and `writeOriginal` turn the original's files into them and back.
 */
export const ncsnpp = (config: NcsnppConfig, rng: Rng): Network<NcsnppConfig> => {
  checkConfig(config);
  const { scope, parameters } = parameterScope(rng);
  const modules = scope.at('all_modules');
  let made = 0;
  const next: NextScope = () => modules.at(made++);
  const embed = embedding(next, scope.at('classes'), config);
  const through = body(next, config);
  const multiple = 2 ** (levelsOf(config) - 1);
  const check = (shape: number[]) => {
    const [, h = 0, w = 0, c] = shape;
    const fits = shape.length === 4 && h % multiple === 0 && w % multiple === 0 && c === config.channels;
    if (!fits) reject('the shape of x', shape, `[B, H, W, ${config.channels}] with H and W multiples of ${multiple}`);
  };
  return {
    config,
    parameters,
    apply: (x, label, options = {}) => {
      check(x.shape);
      return tidy(() => {
        const centred = config.centre ? sub(mul(x, 2), 1) : x;
        const h = through(centred, { embedded: embed(label, options), options });
        return config.divideBySigma ? div(h, reshape(exp(logSigma(config, label)), [-1, 1, 1, 1])) : h;
      });
    },
    dispose: () => disposeAll(parameters),
  };
};
