import * as tf from '@tensorflow/tfjs-core';
import { type Edm2Config, edm2, edm2Presets, type NcsnppConfig, ncsnpp, presets } from '../../lib/models/index.js';
import { mlp, type Network, type NetworkOptions, unet } from '../../lib/nn/index.js';
import { philox, type Rng } from '../../lib/rng/rng.js';

const image = { embedding: 8, channels: 1, width: 8, multipliers: [1, 2], blocks: 1, attention: [1], groups: 4 };
const point = { embedding: 8, event: [2], width: 16, layers: 2 };
const [square, oblong] = [
  [8, 8, 1],
  [8, 4, 2],
];

const plusplus: NcsnppConfig = {
  ...presets['CIFAR-10, DDPM++, VP']().network,
  channels: 1,
  width: 8,
  multipliers: [1, 2],
  blocks: 1,
};
const smooth = { ...plusplus, taps: [1, 3, 3, 1], fourierScale: 16, divideBySigma: true, centre: true };
const balanced: Edm2Config = {
  ...edm2Presets['CIFAR-10 small, EDM2']().network,
  channels: 1,
  size: 8,
  width: 8,
  multipliers: [1, 2],
  blocks: 1,
  headChannels: 8,
  uncertaintyFeatures: 8,
};
const levels = { sigmaMin: 0.01, sigmaMax: 50, count: 10 };

/** A network, the event that it takes, and how many classes it knows. */
interface NetworkRow {
  readonly event: number[];
  readonly classes?: number;
  readonly make: (rng: Rng) => Network<unknown>;
}

/** Every kind of network of the library, small. A new one is one row. */
export const networks: Record<string, NetworkRow> = {
  'U-Net': { event: square!, make: rng => unet({ ...image, patch: 1 }, rng) },
  'U-Net on patches': { event: square!, make: rng => unet({ ...image, patch: 2 }, rng) },
  'U-Net with random features': { event: square!, make: rng => unet({ ...image, patch: 1, fourierScale: 16 }, rng) },
  'U-Net with classes': { event: square!, classes: 3, make: rng => unet({ ...image, patch: 1, classes: 3 }, rng) },
  'U-Net of two blocks': {
    event: oblong!,
    make: rng => unet({ ...image, channels: 2, width: 4, blocks: 2, groups: 2, patch: 1 }, rng),
  },
  'DDPM++': { event: square!, make: rng => ncsnpp(plusplus, rng) },
  'DDPM++ with classes': { event: square!, classes: 3, make: rng => ncsnpp({ ...plusplus, classes: 3 }, rng) },
  'DDPM, told levels': {
    event: oblong!,
    make: rng => ncsnpp({ ...plusplus, channels: 2, resize: 'convolution', divideBySigma: true, levels }, rng),
  },
  'NCSN++': { event: square!, make: rng => ncsnpp({ ...smooth, input: 'residual' }, rng) },
  'NCSN++, output through convolutions': {
    event: square!,
    make: rng => ncsnpp({ ...smooth, resize: 'convolution', input: 'residual', output: 'residual' }, rng),
  },
  'NCSN++ for large images': {
    event: square!,
    make: rng => ncsnpp({ ...smooth, input: 'skip', combine: 'cat', output: 'skip' }, rng),
  },
  EDM2: { event: square!, make: rng => edm2(balanced, rng) },
  'EDM2 with classes': { event: square!, classes: 3, make: rng => edm2({ ...balanced, classes: 3 }, rng) },
  MLP: { event: [2], make: rng => mlp(point, rng) },
  'MLP with classes': { event: [2], classes: 3, make: rng => mlp({ ...point, classes: 3 }, rng) },
  'MLP with random features': { event: [3, 2], make: rng => mlp({ ...point, event: [3, 2], fourierScale: 1 }, rng) },
};

/** What a network takes beside state and time for n rows: classes 0, 1, …, where it knows some. */
export const optionsOf = (name: string, n: number): NetworkOptions => {
  const { classes } = networks[name]!;
  return classes ? { classes: Array.from({ length: n }, (_, i) => i % classes) } : {};
};

/** A network as if it had been trained: the first output of a new one is 0, which would test nothing. */
export const moved = (name: string): Network<unknown> => {
  const network = networks[name]!.make(philox(3));
  tf.tidy(() => {
    for (const [i, v] of [...network.parameters.values()].entries())
      v.assign(tf.add(v, tf.mul(0.1, philox(4).fold(i).normal(v.shape))));
  });
  return network;
};

/** The largest difference, relative to the largest number. */
export const gap = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  const all = Array.from(a);
  const scale = Math.max(...all.map(Math.abs));
  return Math.max(...all.map((v, i) => Math.abs(v - b[i]!))) / scale;
};
