import '../../support/backend.js';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { zeros } from '@tensorflow/tfjs-core';
import {
  checkConfig,
  checkEdm2,
  type Edm2PresetName,
  edm2,
  edm2Presets,
  fromOriginalConfig,
  type NcsnppConfig,
  ncsnpp,
  type PresetName,
  presets,
  writeOriginal,
} from '../../../lib/models/index.js';
import { originalArrays } from '../../../lib/models/original.js';
import { parameterCount } from '../../../lib/nn/index.js';
import { philox, type Rng } from '../../../lib/rng/rng.js';
import { networks } from '../../support/networks.js';
import { slow } from '../../support/slow.js';
import { take } from '../../support/tensors.js';

/** Draws nothing, so that large networks are built in no time. */
const still: Rng = {
  ...philox(0),
  fold: () => still,
  normals: n => new Float32Array(n),
  uniforms: n => new Float64Array(n),
};

/** The trainable numbers that the original code counts in the networks of these configurations. */
const counts: Partial<Record<PresetName, number>> = {
  'CIFAR-10, DDPM, VP': 35_218_947,
  'CIFAR-10, DDPM++, VP': 61_804_419,
  'CIFAR-10, NCSN++, VP': 62_693_251,
  'CIFAR-10, NCSN++, VE': 62_758_915 - 128, // the original counts its 128 fixed frequencies with them
  'CIFAR-10, DDPM++, EDM': 55_732_739,
  'CIFAR-10, NCSN++, EDM': 56_395_523,
  'CIFAR-10 by class, DDPM++, EDM': 55_734_147,
  'CelebA 64, NCSN++, VE': 62_693_251,
  'FFHQ 256, NCSN++, VE': 65_574_549 - 128,
  'FFHQ 1024, NCSN++, VE': 105_785_896 - 16,
};

describe('the settings of the paper', { skip: slow('builds networks of 100 million parameters') }, () => {
  for (const [name, count] of Object.entries(counts)) {
    test(`${name}: as many parameters as the original's network`, () => {
      const network = ncsnpp(presets[name as PresetName]().network, still);
      assert.equal(parameterCount(network), count);
      network.dispose();
    });
  }
});

describe('the settings of EDM2', { skip: slow('builds networks of 100 million parameters') }, () => {
  const sizes = { 'ImageNet 512, EDM2-XXS': 31_309_029, 'ImageNet 64, EDM2-XS': 124_710_949 } as const;
  for (const [name, count] of Object.entries(sizes)) {
    test(`${name}: as many parameters as the original's network`, () => {
      const network = edm2(edm2Presets[name as Edm2PresetName]().network, still);
      assert.equal(parameterCount(network), count);
      network.dispose();
    });
  }
});

test('every preset of EDM2 has a network', () => {
  for (const make of Object.values(edm2Presets)) checkEdm2(make().network);
});

test('every preset has a network, and attention where 16 × 16 pixels are left', () => {
  for (const [name, make] of Object.entries(presets)) {
    const { network, size } = make();
    checkConfig(network);
    assert.deepEqual(
      network.attention.map(level => size / 2 ** level),
      [16],
      name,
    );
  }
});

test('a level is told as its number: the label of T is 0, that of 0 the last', () => {
  const { prediction, process } = presets['CelebA 64, NCSN++, VE']();
  assert.equal(prediction.label(process.T), 0);
  assert.equal(prediction.label(0), 999);
});

const small = (networks['NCSN++']!.make(philox(0)) as { config: NcsnppConfig }).config;

test('a record that describes no network is refused by its field', () => {
  assert.throws(() => checkConfig({ ...small, taps: [1, 2, 3, 4] }), /taps is \[1, 2, 3, 4\].*read the same backwards/);
  assert.throws(() => checkConfig({ ...small, attention: [2] }), /attention\[0\] is 2: give an integer from 0 to 1/);
  const { fourierScale: _, ...told } = small;
  assert.throws(() => checkConfig(told), /divideBySigma is true: a network told 999 t/);
  assert.throws(() => ncsnpp({ ...small, width: 2 }, philox(0)), /width is 2/);
});

test('images of another shape are refused', () => {
  const network = ncsnpp(small, philox(0));
  const wrong = zeros([1, 7, 8, 1]);
  assert.throws(() => network.apply(wrong, zeros([1]) as never), /\[1, 7, 8, 1\].*multiples of 2/);
});

test('a file of another network is refused by the name of the array', () => {
  const network = ncsnpp(small, philox(0));
  const arrays = originalArrays(network.parameters);
  const [first] = arrays.keys();
  const without = new Map([...arrays].filter(([name]) => name !== first));
  assert.throws(() => writeOriginal(network.parameters, without), new RegExp(`the array is "${first}": it is missing`));
  const more = new Map([...arrays, ['all_modules.99.weight', arrays.get(first!)!]]);
  assert.throws(
    () => writeOriginal(network.parameters, more),
    /"all_modules\.99\.weight": the network has no such layer/,
  );
});

test('what it was told in one layout is what it gives: arrays of the original go in and come out', () => {
  const [one, other] = [ncsnpp(small, philox(1)), ncsnpp(small, philox(2))];
  writeOriginal(other.parameters, originalArrays(one.parameters));
  const x = philox(3).normal([2, 8, 8, 1]);
  for (const [name, v] of one.parameters) assert.deepEqual(other.parameters.get(name)!.dataSync(), v.dataSync());
  assert.equal(take(one.apply(x, zeros([2]) as never)).length, 128);
});

test('the fields of an original configuration become one record', () => {
  const config = fromOriginalConfig({
    num_channels: 3,
    image_size: 256,
    centered: false,
    nf: 128,
    ch_mult: [1, 1, 2, 2, 2, 2, 2],
    num_res_blocks: 2,
    attn_resolutions: [16],
    embedding_type: 'fourier',
    fourier_scale: 16,
    fir: true,
    fir_kernel: [1, 3, 3, 1],
    resblock_type: 'biggan',
    skip_rescale: true,
    progressive: 'output_skip',
    progressive_input: 'input_skip',
    progressive_combine: 'sum',
    scale_by_sigma: true,
    sigma_min: 0.01,
    sigma_max: 348,
    num_scales: 2000,
    init_scale: 0,
  });
  assert.deepEqual(config, presets['FFHQ 256, NCSN++, VE']().network);
});
