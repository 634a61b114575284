import type { Variable } from '@tensorflow/tfjs-core';
import { integer } from '../errors.js';
import type { Stored } from '../train/safetensors.js';
import { levelsOf, type NcsnppConfig } from './config.js';
import { type Counterpart, writeForeign } from './foreign.js';

/**
 * Files of EDM's DDPM++ and NCSN++ (`SongUNet`): the same networks with other names. A layer is called by the size of
 * its image, and a block holds its attention, whose three maps are one. [Karras 2022, its code]
 */

/** The layers of a network in the order of construction, which numbers ours, as they are called there. */
const layerNames = (config: NcsnppConfig, size: number): string[] => {
  const { blocks, attention, fourierScale, input, output } = config;
  const levels = [...config.multipliers.keys()];
  const at = (level: number) => `${size / 2 ** level}x${size / 2 ** level}`;
  const range = (n: number) => Array.from({ length: n }, (_, i) => i);
  const mixed = (name: string, level: number) => (attention.includes(level) ? [name, `${name} attention`] : [name]);
  const joined = { none: [], skip: ['aux_skip'], residual: ['aux_residual'] }[input];
  const grown = (level: number) => [`dec.${at(level)}_aux_norm`, `dec.${at(level)}_aux_conv`];
  const down = levels.flatMap(level => [
    ...range(blocks).flatMap(i => mixed(`enc.${at(level)}_block${i}`, level)),
    ...(level < levelsOf(config) - 1 ? ['down', ...joined].map(part => `enc.${at(level + 1)}_${part}`) : []),
  ]);
  const low = `dec.${at(levelsOf(config) - 1)}`;
  const up = levels
    .reverse()
    .flatMap(level => [
      ...range(blocks + 1).map(i => `dec.${at(level)}_block${i}`),
      ...(attention.includes(level) ? [`dec.${at(level)}_block${blocks} attention`] : []),
      ...(output === 'skip' ? grown(level) : []),
      ...(level > 0 ? [`dec.${at(level - 1)}_up`] : []),
    ]);
  return [
    ...(fourierScale === undefined ? [] : ['map_noise']),
    'map_layer0',
    'map_layer1',
    `enc.${at(0)}_conv`,
    ...down,
    ...[`${low}_in0`, `${low}_in0 attention`, `${low}_in1`],
    ...up,
    ...(output === 'skip' ? [] : grown(0)),
  ];
};

const parts: Readonly<Record<string, string>> = {
  GroupNorm_0: 'norm0',
  Conv_0: 'conv0',
  Dense_0: 'affine',
  GroupNorm_1: 'norm1',
  Conv_1: 'conv1',
  Conv_2: 'skip',
};
const ends: Readonly<Record<string, string>> = { scale: 'weight', shift: 'bias', w: 'weight', b: 'bias' };

const counterpart = (name: string, shape: readonly number[], layers: readonly string[]): Counterpart => {
  const [, number, ...inner] = name.split('.');
  const own = inner.pop() ?? '';
  if (name.startsWith('classes.')) {
    return name === 'classes.w' ? { name: 'map_label.weight', axes: [1, 0] } : { name: 'map_label.bias', axes: [0] };
  }
  const layer = layers[Number(number)]!;
  if (own === 'frequencies') return { name: 'map_noise.freqs', axes: [0] };
  const [block, isAttention] = layer.split(' ');
  if (isAttention) {
    const third = ['NIN_0', 'NIN_1', 'NIN_2'].indexOf(inner[0]!);
    const part = { GroupNorm_0: 'norm2', NIN_3: 'proj' }[inner[0]!] ?? 'qkv';
    const full = `${block}.${part}.${ends[own]}`;
    if (own !== 'w') return { name: full, axes: [0], ...(third >= 0 && { third }) };
    // A map of pixels is a convolution with a kernel of one pixel there.
    return { name: full, axes: [3, 2, 0, 1], shape: [1, 1, ...shape], ...(third >= 0 && { third }) };
  }
  const named = layer.includes('aux') ? layer : [block, parts[inner[0] ?? '']].filter(part => part).join('.');
  const axes = own !== 'w' ? [0] : shape.length === 4 ? [3, 2, 0, 1] : [1, 0];
  return { name: `${named}.${ends[own]}`, axes };
};

/** Filters that follow from the configuration, and the map of augmentation labels, which sampling does not use. */
const unused = (name: string): boolean => name.endsWith('.resample_filter') || name.startsWith('map_augment.');

/**
 * Sets the parameters of `ncsnpp(config)` from arrays of an EDM network, whose names begin with enc, dec and map.
 * @param size height and width of the images that the network was made for, by which its layers are called
 * @throws RangeError naming an array that is missing, of another shape, or of no layer of this network
 */
export const writeEdm = (
  { config, parameters }: { readonly config: NcsnppConfig; readonly parameters: ReadonlyMap<string, Variable> },
  arrays: ReadonlyMap<string, Stored>,
  size: number,
): void => {
  integer('the size of the images', size, 2 ** (levelsOf(config) - 1));
  const layers = layerNames(config, size);
  writeForeign(parameters, arrays, (name, shape) => counterpart(name, shape, layers), unused);
};
