import * as tf from '@tensorflow/tfjs-core';
import { mlp, type Network, unet } from '../../../../lib/nn/index.js';
import { philox, type Rng } from '../../../../lib/rng/rng.js';

const image = { embedding: 8, channels: 1, width: 8, multipliers: [1, 2], blocks: 1, attention: [1], groups: 4 };
const point = { embedding: 8, event: [2], width: 16, layers: 2 };

/** Every kind of network of the library, small. */
export const networks: Record<string, { event: number[]; make: (rng: Rng) => Network<unknown> }> = {
  'U-Net': { event: [8, 8, 1], make: rng => unet({ ...image, patch: 1 }, rng) },
  'U-Net on patches': { event: [8, 8, 1], make: rng => unet({ ...image, patch: 2 }, rng) },
  'U-Net with random features': { event: [8, 8, 1], make: rng => unet({ ...image, patch: 1, fourierScale: 16 }, rng) },
  'U-Net with classes': { event: [8, 8, 1], make: rng => unet({ ...image, patch: 1, classes: 3 }, rng) },
  MLP: { event: [2], make: rng => mlp(point, rng) },
  'MLP with classes': { event: [2], make: rng => mlp({ ...point, classes: 3 }, rng) },
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
