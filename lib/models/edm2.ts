import { concat, mul, ones, reshape, slice, type Tensor, type Tensor1D, tidy } from '@tensorflow/tfjs-core';
import { reject } from '../errors.js';
import { classRows } from '../nn/embedding.js';
import { disposeAll, type Network, type NetworkOptions } from '../nn/network.js';
import { initZeros, parameterScope, type Scope } from '../nn/scope.js';
import type { Rng } from '../rng/rng.js';
import { edm2Block } from './edm2-block.js';
import { checkEdm2, type Edm2Config } from './edm2-config.js';
import {
  balancedConcat,
  balancedConvolution,
  balancedFourier,
  balancedLinear,
  balancedSum,
  balancedSwish,
} from './magnitude.js';
import { double, halve } from './resample.js';
import type { Block } from './residual.js';

/** A network that also says how sure it is. */
export interface UncertainNetwork<Config> extends Network<Config> {
  /** u for each label [B] → [B]: the logarithm of the loss that it expects there. [Karras 2024, eq. 21] */
  uncertainty(label: Tensor1D): Tensor1D;
}

/** Noise level and class to a vector per row. */
const embed = (scope: Scope, size: number, { width, multipliers, classes = 0, balance }: Edm2Config) => {
  const features = width * multipliers[0]!;
  const waves = balancedFourier(scope.at('emb_fourier'), features);
  const noise = balancedLinear(scope.at('emb_noise'), features, size);
  const table = classes > 0 ? balancedLinear(scope.at('emb_label'), classes, size) : undefined;
  return (label: Tensor1D, { classes: y }: NetworkOptions): Tensor => {
    const told = noise(waves(label));
    if (!table) return balancedSwish(told);
    const chosen = slice(classRows(y, classes, label.size), [0, 0], [-1, classes]);
    return balancedSwish(balancedSum(told, table(mul(chosen, Math.sqrt(classes))), balance.label));
  };
};

/** Levels from the finest to the coarsest with their widths and the names of their layers. */
const levelsOf = ({ size, width, multipliers }: Edm2Config) =>
  multipliers.map((m, level) => ({ level, channels: width * m, name: `${size >> level}x${size >> level}` }));

/** The way down; `sizes` gathers the channels of what it leaves on the stack. */
const descent = (scope: Scope, embedding: number, config: Edm2Config, sizes: number[]): Block[] =>
  levelsOf(config).flatMap(({ level, channels, name }) => {
    const inputs = sizes.at(-1)!;
    const make = (part: string, from: number, to: number, more: object) =>
      edm2Block(scope.at(`${name}_${part}`), { inputs: from, outputs: to, embedding, way: 'down', ...more }, config);
    const attends = config.attention.includes(level);
    const first = level === 0 ? [] : [make('down', inputs, inputs, { resize: halve([1, 1]) })];
    for (const _ of first) sizes.push(inputs);
    return [
      ...first,
      ...Array.from({ length: config.blocks }, (_, i) => {
        const block = make(`block${i}`, sizes.at(-1)!, channels, { attends });
        sizes.push(channels);
        return block;
      }),
    ];
  });

/** A block on the way up, and whether it takes a state from the stack. */
interface Rise {
  readonly block: Block;
  readonly joins: boolean;
}

const ascent = (scope: Scope, embedding: number, config: Edm2Config, sizes: number[]): Rise[] => {
  const { multipliers, blocks, attention } = config;
  let current = sizes.at(-1)!;
  return levelsOf(config)
    .reverse()
    .flatMap(({ level, channels, name }) => {
      const make = (part: string, inputs: number, outputs: number, more: object) =>
        edm2Block(scope.at(`${name}_${part}`), { inputs, outputs, embedding, way: 'up', ...more }, config);
      const rest = (block: Block): Rise => ({ block, joins: false });
      const first =
        level === multipliers.length - 1
          ? [make('in0', current, current, { attends: true }), make('in1', current, current, {})]
          : [make('up', current, current, { resize: double([1, 1]) })];
      const inner = Array.from({ length: blocks + 1 }, (_, i): Rise => {
        const block = make(`block${i}`, current + sizes.pop()!, channels, { attends: attention.includes(level) });
        current = channels;
        return { block, joins: true };
      });
      return [...first.map(rest), ...inner];
    });
};

/** From the image to the output. */
const body = (scope: Scope, embedding: number, config: Edm2Config): Block => {
  const { channels, width, multipliers, size, balance } = config;
  const finest = width * multipliers[0]!;
  const down = scope.at('enc');
  const enter = balancedConvolution(down.at(`${size}x${size}_conv`), channels + 1, finest, 3);
  const sizes = [finest];
  const descend = descent(down, embedding, config, sizes);
  const ascend = ascent(scope.at('dec'), embedding, config, sizes);
  const leave = balancedConvolution(scope.at('out_conv'), finest, channels, 3);
  const gain = scope.variable('out_gain', [], initZeros);
  return (x, context) => {
    // A channel of ones stands in for biases, which would not keep magnitudes.
    const stack = [enter(concat([x, ones([...x.shape.slice(0, -1), 1])], -1))];
    for (const block of descend) stack.push(block(stack.at(-1)!, context));
    const low = stack.at(-1)!;
    const high = ascend.reduce((h, { block, joins }) => {
      return block(joins ? balancedConcat(h, stack.pop()!, balance.join) : h, context);
    }, low);
    return leave(high, gain);
  };
};

/**
 * EDM2's U-Net for images x [B, size, size, channels] → the same shape, and its uncertainty. The label is ¼ ln ς, as
 * `precondition` gives it. Parameters have the original's names, in the layouts of this library; `writeEdm2` reads its
 * files. The first output is 0, and every activation has magnitude 1 in expectation. [Karras 2024, configuration G]
 */
export const edm2 = (config: Edm2Config, rng: Rng): UncertainNetwork<Edm2Config> => {
  checkEdm2(config);
  const { channels, size, width, multipliers, uncertaintyFeatures } = config;
  const { scope, parameters } = parameterScope(rng);
  const net = scope.at('unet');
  const embedding = width * Math.max(...multipliers);
  const told = embed(net, embedding, config);
  const through = body(net, embedding, config);
  const waves = balancedFourier(scope.at('logvar_fourier'), uncertaintyFeatures);
  const logVariance = balancedLinear(scope.at('logvar_linear'), uncertaintyFeatures, 1);
  return {
    config,
    parameters,
    apply: (x, label, options = {}) => {
      const fits = x.rank === 4 && x.shape[1] === size && x.shape[2] === size && x.shape[3] === channels;
      if (!fits) reject('the shape of x', x.shape, `[B, ${size}, ${size}, ${channels}] is expected`);
      return tidy(() => through(x, { embedded: told(label, options), options }));
    },
    uncertainty: label => tidy(() => reshape(logVariance(waves(label)), [-1]) as Tensor1D),
    dispose: () => disposeAll(parameters),
  };
};
