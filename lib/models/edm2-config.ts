import { integer, reject, within } from '../errors.js';

/** EDM2's network, configuration G: a U-Net that keeps magnitudes. [Karras 2024, fig. 21 and table 6] */
export interface Edm2Config {
  /** Channels of the image. */
  readonly channels: number;
  /** Height and width of the images, by which the layers are called in its files. */
  readonly size: number;
  /** Channels at the finest level. */
  readonly width: number;
  /** The width of each level as a multiple of `width`; each level halves the image. */
  readonly multipliers: readonly number[];
  /** Residual blocks at each level on the way down, one more on the way up. */
  readonly blocks: number;
  /** Levels with self-attention, counted from 0, the finest. */
  readonly attention: readonly number[];
  /** Channels of one head of attention. */
  readonly headChannels: number;
  /** The number of classes, for a conditional network. */
  readonly classes?: number;
  /** Fourier features behind the uncertainty u(σ). */
  readonly uncertaintyFeatures: number;
  /** The share of the class in the embedding, of the older state where two are joined, of a block's and of attention's branch. */
  readonly balance: {
    readonly label: number;
    readonly join: number;
    readonly block: number;
    readonly attention: number;
  };
  /** Larger activations are cut off. */
  readonly limit: number;
}

/** The original's shares and sizes of parts. */
export const edm2Defaults = {
  headChannels: 64,
  uncertaintyFeatures: 128,
  balance: { label: 0.5, join: 0.5, block: 0.3, attention: 0.3 },
  limit: 256,
} as const satisfies Partial<Edm2Config>;

/** @throws RangeError for a record that describes no network, naming the field */
export const checkEdm2 = (config: Edm2Config): Edm2Config => {
  const { channels, size, width, multipliers, blocks, attention, headChannels, balance } = config;
  integer('channels', channels, 1);
  integer('width', width, 1);
  integer('blocks', blocks, 1);
  integer('uncertaintyFeatures', config.uncertaintyFeatures, 1);
  if (multipliers.length === 0) reject('multipliers', multipliers, 'give one for each level');
  for (const [i, m] of multipliers.entries()) integer(`multipliers[${i}]`, m, 1);
  const coarsest = 2 ** (multipliers.length - 1);
  if (!(integer('size', size, coarsest) % coarsest === 0))
    reject('size', size, `a multiple of ${coarsest} is expected`);
  for (const [i, level] of attention.entries()) integer(`attention[${i}]`, level, 0, multipliers.length - 1);
  for (const level of new Set([...attention, multipliers.length - 1])) {
    const wide = width * multipliers[level]!;
    if (wide % headChannels !== 0)
      reject('headChannels', headChannels, `it has to divide the ${wide} channels of level ${level}`);
  }
  for (const [name, share] of Object.entries(balance)) within(`balance.${name}`, share, 0, 1);
  return config;
};
