import { integer, reject } from '../errors.js';

/**
 * The family of networks of the original code: DDPM, DDPM++, NCSN++ and their deep variants are values of this record.
 * [Ho 2020, app. B; Song 2021, app. H]
 */
export interface NcsnppConfig {
  /** Channels of the image. */
  readonly channels: number;
  /** Channels at the finest level. */
  readonly width: number;
  /** The width of each level as a multiple of `width`; each level halves the image. */
  readonly multipliers: readonly number[];
  /** Residual blocks at each level on the way down, one more on the way up. */
  readonly blocks: number;
  /** Levels with self-attention, counted from 0, the finest. */
  readonly attention: readonly number[];
  /** The scale of random Fourier features of log σ; left out, sines and cosines of 999 t. */
  readonly fourierScale?: number;
  /** The number of classes, for a conditional network. */
  readonly classes?: number;
  /** How images are halved and doubled: [1, 1] averages and repeats, [1, 3, 3, 1] is the smooth filter of StyleGAN2. */
  readonly taps: readonly number[];
  /** Where the size changes: inside of a residual block, as in BigGAN, or in a convolution of its own, as in DDPM. */
  readonly resize: 'block' | 'convolution';
  /** Halves the variance of each sum of two branches: (x + h)/√2. */
  readonly rescale: boolean;
  /** The image itself, halved level by level, joins the way down: as it is, or through convolutions that add up. */
  readonly input: 'none' | 'skip' | 'residual';
  /** How `skip` joins: summed after a 1×1 convolution, or set beside the state. */
  readonly combine: 'sum' | 'cat';
  /** The output grows level by level on the way up, by what each adds to it, or through convolutions that add up. */
  readonly output: 'none' | 'skip' | 'residual';
  /** Divides the output by σ, for a network that predicts the score: it is told log σ, or the number of a level. */
  readonly divideBySigma: boolean;
  /** σ falls geometrically from `sigmaMax` at label 0 to `sigmaMin` at label count − 1, where labels count levels. */
  readonly levels?: { readonly sigmaMin: number; readonly sigmaMax: number; readonly count: number };
  /** Takes x in [0, 1] and centres it. */
  readonly centre: boolean;
  /** The size of the first values of the layers that end a branch; 0 makes the first output 0. */
  readonly initScale: number;
}

/** The number of levels. */
export const levelsOf = ({ multipliers }: NcsnppConfig): number => multipliers.length;

/** @throws RangeError for a record that describes no network, naming the field */
export const checkConfig = (config: NcsnppConfig): NcsnppConfig => {
  const { channels, width, multipliers, blocks, attention, taps, fourierScale, divideBySigma, levels } = config;
  integer('channels', channels, 1);
  integer('width', width, 4);
  integer('blocks', blocks, 1);
  if (multipliers.length === 0) reject('multipliers', multipliers, 'give one for each level');
  for (const [i, m] of multipliers.entries()) integer(`multipliers[${i}]`, m, 1);
  for (const [i, level] of attention.entries()) integer(`attention[${i}]`, level, 0, multipliers.length - 1);
  const symmetric = taps.every((tap, i) => tap === taps.at(-1 - i));
  if (!symmetric || (taps.length !== 2 && taps.length !== 4)) {
    reject('taps', taps, 'give two or four that read the same backwards, such as [1, 1] or [1, 3, 3, 1]');
  }
  if (divideBySigma && fourierScale === undefined && levels === undefined) {
    reject(
      'divideBySigma',
      divideBySigma,
      'a network told 999 t does not know σ; give a fourierScale or levels, or divide outside',
    );
  }
  return config;
};

/** The fields of the original code's configuration that say what its network is, under their names there. */
export interface OriginalConfig {
  readonly num_channels: number;
  readonly image_size: number;
  readonly centered: boolean;
  readonly nf: number;
  readonly ch_mult: readonly number[];
  readonly num_res_blocks: number;
  readonly attn_resolutions: readonly number[];
  readonly embedding_type: 'fourier' | 'positional';
  readonly fourier_scale: number;
  readonly fir: boolean;
  readonly fir_kernel: readonly number[];
  readonly resblock_type: 'biggan' | 'ddpm';
  readonly skip_rescale: boolean;
  readonly progressive: 'none' | 'output_skip' | 'residual';
  readonly progressive_input: 'none' | 'input_skip' | 'residual';
  readonly progressive_combine: 'sum' | 'cat';
  readonly scale_by_sigma: boolean;
  readonly sigma_min: number;
  readonly sigma_max: number;
  readonly num_scales: number;
  readonly init_scale: number;
}

const grown = { none: 'none', input_skip: 'skip', output_skip: 'skip', residual: 'residual' } as const;

/** The network that a configuration of the original code describes. */
export const fromOriginalConfig = (o: OriginalConfig): NcsnppConfig =>
  checkConfig({
    channels: o.num_channels,
    width: o.nf,
    multipliers: o.ch_mult,
    blocks: o.num_res_blocks,
    attention: [...o.ch_mult.keys()].filter(level => o.attn_resolutions.includes(o.image_size / 2 ** level)),
    ...(o.embedding_type === 'fourier' && { fourierScale: o.fourier_scale }),
    taps: o.fir ? o.fir_kernel : [1, 1],
    resize: o.resblock_type === 'biggan' ? 'block' : 'convolution',
    rescale: o.skip_rescale,
    input: grown[o.progressive_input],
    combine: o.progressive_combine,
    output: grown[o.progressive],
    divideBySigma: o.scale_by_sigma,
    ...(o.embedding_type === 'positional' &&
      o.scale_by_sigma && { levels: { sigmaMin: o.sigma_min, sigmaMax: o.sigma_max, count: o.num_scales } }),
    centre: !o.centered,
    initScale: o.init_scale,
  });
