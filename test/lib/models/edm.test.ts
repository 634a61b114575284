import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NcsnppConfig, ncsnpp, writeEdm } from '../../../lib/models/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { float32, type Stored } from '../../../lib/train/safetensors.js';
import { networks } from '../../support/networks.js';

/** What EDM's network of this configuration holds for 16 × 16 images: the names in its file, with their shapes. */
const config: NcsnppConfig = {
  ...(networks['NCSN++']!.make(philox(0)) as { config: NcsnppConfig }).config,
  channels: 3,
  width: 16,
  divideBySigma: false,
  centre: false,
};
const [conv, map] = [
  (name: string, inputs: number, outputs: number, size = 3): [string, number[]][] => [
    [`${name}.weight`, [outputs, inputs, size, size]],
    [`${name}.bias`, [outputs]],
  ],
  (name: string, inputs: number, outputs: number): [string, number[]][] => [
    [`${name}.weight`, [outputs, inputs]],
    [`${name}.bias`, [outputs]],
  ],
];
const norm = (name: string, channels: number): [string, number[]][] => [
  [`${name}.weight`, [channels]],
  [`${name}.bias`, [channels]],
];
const block = (name: string, inputs: number, outputs: number, { skip = false, attention = false } = {}) => [
  ...norm(`${name}.norm0`, inputs),
  ...conv(`${name}.conv0`, inputs, outputs),
  ...map(`${name}.affine`, 64, outputs),
  ...norm(`${name}.norm1`, outputs),
  ...conv(`${name}.conv1`, outputs, outputs),
  ...(skip ? conv(`${name}.skip`, inputs, outputs, 1) : []),
  ...(attention
    ? [
        ...norm(`${name}.norm2`, outputs),
        ...conv(`${name}.qkv`, outputs, 3 * outputs, 1),
        ...conv(`${name}.proj`, outputs, outputs, 1),
      ]
    : []),
];
const shapes: [string, number[]][] = [
  ['map_noise.freqs', [16]],
  ...map('map_layer0', 32, 64),
  ...map('map_layer1', 64, 64),
  ...conv('enc.16x16_conv', 3, 16),
  ...block('enc.16x16_block0', 16, 16),
  ...block('enc.8x8_down', 16, 16, { skip: true }),
  ['enc.8x8_down.conv0.resample_filter', [1, 1, 4, 4]],
  ...conv('enc.8x8_aux_residual', 3, 16),
  ...block('enc.8x8_block0', 16, 32, { skip: true, attention: true }),
  ...block('dec.8x8_in0', 32, 32, { attention: true }),
  ...block('dec.8x8_in1', 32, 32),
  ...block('dec.8x8_block0', 64, 32, { skip: true }),
  ...block('dec.8x8_block1', 48, 32, { skip: true, attention: true }),
  ...block('dec.16x16_up', 32, 32, { skip: true }),
  ...block('dec.16x16_block0', 48, 16, { skip: true }),
  ...block('dec.16x16_block1', 32, 16, { skip: true }),
  ...norm('dec.16x16_aux_norm', 16),
  ...conv('dec.16x16_aux_conv', 16, 3),
];
const rng = philox(4);
const file = new Map<string, Stored>(
  shapes.map(([name, shape]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return [name, float32(rng.normals(size), shape)];
  }),
);
const filled = () => {
  const network = ncsnpp(config, philox(0));
  writeEdm(network, file, 16);
  return network;
};
/** The value at this place of an array of the file. */
const there = (name: string, ...at: number[]): number => {
  const { shape, values } = file.get(name)!;
  return Number(values[at.reduce((place, i, axis) => place * shape[axis]! + i, 0)]);
};
const here = (network: ReturnType<typeof filled>, name: string, ...at: number[]): number => {
  const v = network.parameters.get(name)!;
  return v.dataSync()[at.reduce((place, i, axis) => place * v.shape[axis]! + i, 0)]!;
};

test('every array of the file has its parameter, in the layout of this library', () => {
  const network = filled();
  // Modules are numbered in the order of the original code: frequencies, two maps, the first convolution, …
  assert.equal(here(network, 'all_modules.0.frequencies', 7), there('map_noise.freqs', 7));
  assert.equal(here(network, 'all_modules.1.w', 3, 60), there('map_layer0.weight', 60, 3));
  assert.equal(here(network, 'all_modules.3.w', 2, 0, 1, 9), there('enc.16x16_conv.weight', 9, 1, 2, 0));
  assert.equal(here(network, 'all_modules.4.Dense_0.w', 5, 11), there('enc.16x16_block0.affine.weight', 11, 5));
  assert.equal(here(network, 'all_modules.5.Conv_2.b', 4), there('enc.8x8_down.skip.bias', 4));
  assert.equal(here(network, 'all_modules.6.Conv2d_0.w', 0, 2, 1, 8), there('enc.8x8_aux_residual.weight', 8, 1, 0, 2));
  assert.equal(here(network, 'all_modules.19.w', 1, 1, 15, 2), there('dec.16x16_aux_conv.weight', 2, 15, 1, 1));
});

test('queries, keys and values take turns in the one map of a block', () => {
  const network = filled();
  for (const [i, third] of ['NIN_0', 'NIN_1', 'NIN_2'].entries()) {
    assert.equal(
      here(network, `all_modules.8.${third}.w`, 13, 21),
      there('enc.8x8_block0.qkv.weight', 3 * 21 + i, 13, 0, 0),
    );
    assert.equal(here(network, `all_modules.8.${third}.b`, 21), there('enc.8x8_block0.qkv.bias', 3 * 21 + i));
  }
  assert.equal(here(network, 'all_modules.8.NIN_3.w', 3, 30), there('enc.8x8_block0.proj.weight', 30, 3, 0, 0));
});

test('a file of another network, or of other images, is refused by the name of the array', () => {
  const network = ncsnpp(config, philox(0));
  assert.throws(() => writeEdm(network, file, 32), /the array is "enc\.32x32_conv\.weight": it is missing/);
  const more = new Map([...file, ['enc.8x8_block1.norm0.weight', file.get('map_layer0.bias')!]]);
  assert.throws(() => writeEdm(network, more, 16), /"enc\.8x8_block1\.norm0\.weight": the network has no such layer/);
  const wrong = new Map([...file, ['map_layer0.bias', float32(new Float32Array(3), [3])]]);
  assert.throws(() => writeEdm(network, wrong, 16), /the shape of map_layer0\.bias is \[3\]: \[64\] is expected/);
});
