import {
  add,
  avgPool,
  concat,
  conv2d,
  image,
  maxPool,
  mean,
  mul,
  relu,
  rsqrt,
  sub,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core';
import { sameShape } from '../errors.js';
import type { Layer } from '../nn/layers.js';
import { disposeAll } from '../nn/network.js';
import { initOnes, initZeros, parameterScope, type Scope } from '../nn/scope.js';
import { philox } from '../rng/index.js';
import type { Stored } from '../train/safetensors.js';
import { writeForeign } from './foreign.js';

/**
 * The Inception v3 of the FID, as data: the network of the TensorFlow model of 2015-12-05, whose means leave the padding
 * out and whose last block takes a maximum where others take a mean. [Szegedy 2016; Heusel 2017]
 */

/** Name, kernel and outputs of a convolution; a stride of 2 takes no padding, and neither does 'valid'. */
type Unit = readonly [name: string, height: number, width: number, outputs: number, step?: 2 | 'valid'];
/** Units and poolings one after the other; a list in a list is taken side by side. */
type Chain = readonly (Unit | 'mean' | 'max' | 'halve' | readonly Chain[])[];

const square = (name: string, size: number, outputs: number, step?: 2 | 'valid'): Unit =>
  step === undefined ? [name, size, size, outputs] : [name, size, size, outputs, step];

const blockA = (pooled: number): Chain => [
  [
    [square('branch1x1', 1, 64)],
    [square('branch5x5_1', 1, 48), square('branch5x5_2', 5, 64)],
    [square('branch3x3dbl_1', 1, 64), square('branch3x3dbl_2', 3, 96), square('branch3x3dbl_3', 3, 96)],
    ['mean', square('branch_pool', 1, pooled)],
  ],
];
const blockB: Chain = [
  [
    [square('branch3x3', 3, 384, 2)],
    [square('branch3x3dbl_1', 1, 64), square('branch3x3dbl_2', 3, 96), square('branch3x3dbl_3', 3, 96, 2)],
    ['halve'],
  ],
];
const blockC = (inner: number): Chain => [
  [
    [square('branch1x1', 1, 192)],
    [square('branch7x7_1', 1, inner), ['branch7x7_2', 1, 7, inner], ['branch7x7_3', 7, 1, 192]],
    [
      square('branch7x7dbl_1', 1, inner),
      ['branch7x7dbl_2', 7, 1, inner],
      ['branch7x7dbl_3', 1, 7, inner],
      ['branch7x7dbl_4', 7, 1, inner],
      ['branch7x7dbl_5', 1, 7, 192],
    ],
    ['mean', square('branch_pool', 1, 192)],
  ],
];
const blockD: Chain = [
  [
    [square('branch3x3_1', 1, 192), square('branch3x3_2', 3, 320, 2)],
    [
      square('branch7x7x3_1', 1, 192),
      ['branch7x7x3_2', 1, 7, 192],
      ['branch7x7x3_3', 7, 1, 192],
      square('branch7x7x3_4', 3, 192, 2),
    ],
    ['halve'],
  ],
];
const blockE = (pooling: 'mean' | 'max'): Chain => [
  [
    [square('branch1x1', 1, 320)],
    [square('branch3x3_1', 1, 384), [[['branch3x3_2a', 1, 3, 384]], [['branch3x3_2b', 3, 1, 384]]]],
    [
      square('branch3x3dbl_1', 1, 448),
      square('branch3x3dbl_2', 3, 384),
      [[['branch3x3dbl_3a', 1, 3, 384]], [['branch3x3dbl_3b', 3, 1, 384]]],
    ],
    [pooling, square('branch_pool', 1, 192)],
  ],
];

const stem: Chain = [
  square('Conv2d_1a_3x3', 3, 32, 2),
  square('Conv2d_2a_3x3', 3, 32, 'valid'),
  square('Conv2d_2b_3x3', 3, 64),
  'halve',
  square('Conv2d_3b_1x1', 1, 80),
  square('Conv2d_4a_3x3', 3, 192, 'valid'),
  'halve',
];
const blocks: Readonly<Record<string, Chain>> = {
  Mixed_5b: blockA(32),
  Mixed_5c: blockA(64),
  Mixed_5d: blockA(64),
  Mixed_6a: blockB,
  Mixed_6b: blockC(128),
  Mixed_6c: blockC(160),
  Mixed_6d: blockC(160),
  Mixed_6e: blockC(192),
  Mixed_7a: blockD,
  Mixed_7b: blockE('mean'),
  Mixed_7c: blockE('max'),
};

/** A layer and the channels that come out of it. */
type Made = readonly [layer: Layer, outputs: number];

/** A convolution without bias, normalised by the means and variances of training, and its positive part. */
const unit = (scope: Scope, inputs: number, [name, height, width, outputs, step]: Unit): Made => {
  const here = scope.at(name);
  const w = here.variable('w', [height, width, inputs, outputs], initZeros, false);
  const held = (own: string, init: typeof initZeros) => here.variable(own, [outputs], init, false);
  const [scale, shift] = [held('scale', initOnes), held('shift', initZeros)];
  const [centre, variance] = [held('mean', initZeros), held('variance', initOnes)];
  const stride = step === 2 ? 2 : 1;
  const layer: Layer = x => {
    const a = mul(scale, rsqrt(add(variance, 1e-3)));
    const y = conv2d(x as Tensor4D, w as unknown as Tensor4D, stride, step ? 'valid' : 'same');
    return relu(add(mul(y, a), sub(shift, mul(centre, a))));
  };
  return [layer, outputs];
};

const poolings: Readonly<Record<'mean' | 'max' | 'halve', Layer>> = {
  mean: x => avgPool(x as Tensor4D, 3, 1, 'same'), // counts no padding
  max: x => maxPool(x as Tensor4D, 3, 1, 'same'),
  halve: x => maxPool(x as Tensor4D, 3, 2, 'valid'),
};

const isUnit = (part: Chain[number]): part is Unit => typeof part[0] === 'string' && typeof part !== 'string';

const build = (scope: Scope, inputs: number, chain: Chain): Made =>
  chain.reduce<Made>(
    ([before, channels], part) => {
      if (typeof part === 'string') return [x => poolings[part](before(x)), channels];
      if (isUnit(part)) {
        const [layer, outputs] = unit(scope, channels, part);
        return [x => layer(before(x)), outputs];
      }
      const branches = part.map(branch => build(scope, channels, branch));
      const joined: Layer = x =>
        concat(
          branches.map(([layer]) => layer(x)),
          -1,
        );
      return [x => joined(before(x)), branches.reduce((sum, [, outputs]) => sum + outputs, 0)];
    },
    [x => x, inputs],
  );

/** The network by whose features images are compared in the FID. */
export interface Inception {
  readonly parameters: ReadonlyMap<string, Variable>;
  /**
   * Images [B, H, W, 3] in [0, 1] → features [B, 2048]. Images become 299 × 299 by bilinear interpolation between the
   * centres of pixels, without a filter before it where they shrink, and 2x − 1.
   */
  features(x: Tensor): Tensor2D;
  /** Releases the parameters. */
  dispose(): void;
}

const ends: Readonly<Record<string, string>> = {
  w: 'conv.weight',
  scale: 'bn.weight',
  shift: 'bn.bias',
  mean: 'bn.running_mean',
  variance: 'bn.running_var',
};
/** What the file holds beside: the classifier at the end, and counts of batches. */
const unused = (name: string): boolean => name.startsWith('fc.') || name.endsWith('.num_batches_tracked');

/**
 * The network with the weights of `pt_inception-2015-12-05-6726825d.pth` of pytorch-fid, turned into safetensors with
 * their names kept (`Mixed_5b.branch1x1.conv.weight`, `….bn.running_var`).
 * @throws RangeError naming an array that is missing, of another shape, or of no layer of this network
 */
export const inception = (arrays: ReadonlyMap<string, Stored>): Inception => {
  const { scope, parameters } = parameterScope(philox(0));
  const [enter, channels] = build(scope, 3, stem);
  const [through] = Object.entries(blocks).reduce<Made>(
    ([before, inputs], [name, chain]) => {
      const [layer, outputs] = build(scope.at(name), inputs, chain);
      return [x => layer(before(x)), outputs];
    },
    [enter, channels],
  );
  try {
    writeForeign(
      parameters,
      arrays,
      (name, { length: rank }) => {
        const cut = name.lastIndexOf('.');
        return { name: `${name.slice(0, cut)}.${ends[name.slice(cut + 1)]}`, axes: rank === 4 ? [3, 2, 0, 1] : [0] };
      },
      unused,
    );
  } catch (error) {
    disposeAll(parameters);
    throw error;
  }
  return {
    parameters,
    features: x => {
      sameShape('x', x.shape, [-1, -1, -1, 3]);
      return tidy(() => {
        const large = image.resizeBilinear(x as Tensor4D, [299, 299], false, true);
        return mean(through(sub(mul(large, 2), 1)), [1, 2]) as Tensor2D;
      });
    },
    dispose: () => disposeAll(parameters),
  };
};
