import { edm } from '../process/index.js';
import { type Prediction, precondition } from '../score/prediction.js';
import type { GaussianProcess } from '../types.js';
import { type Edm2Config, edm2Defaults } from './edm2-config.js';

/** A network of EDM2 with what it was trained for and how: with `uncertainLossOf`, Adam (β₂ = .99), `normaliseWeights`. */
export interface Edm2Preset {
  readonly network: Edm2Config;
  readonly process: GaussianProcess;
  readonly prediction: Prediction;
  readonly training: {
    readonly dropout: number;
    readonly batch: number;
    /** For `inverseRootDecay`: the highest rate, and the steps after which it falls and during which it rises. */
    readonly learningRate: number;
    readonly decayAfter: number;
    readonly warmup: number;
    /** Mean and deviation of ln ς, for `logNormalDistribution`. */
    readonly levels: { readonly mean: number; readonly deviation: number };
    /** Images shown in all. */
    readonly images: number;
  };
}

const million = 2 ** 20;

interface Size {
  readonly width: number;
  readonly learningRate: number;
  readonly dropout: number;
  /** Millions of 2²⁰ images. */
  readonly images: number;
}

const onEdm = (network: Edm2Config, training: Edm2Preset['training']): Edm2Preset => {
  const process = edm();
  return { network, process, prediction: precondition(process, 0.5), training };
};

/** ImageNet by class: 64×64 pixels, or the 64×64×4 latents of 512×512 pixels. */
const imageNet = (
  channels: number,
  { width, learningRate, dropout, images }: Size,
  decayAfter: number,
  levels: Edm2Preset['training']['levels'],
): Edm2Preset =>
  onEdm(
    {
      ...edm2Defaults,
      channels,
      size: 64,
      width,
      multipliers: [1, 2, 3, 4],
      blocks: 3,
      attention: [2, 3],
      classes: 1000,
    },
    { dropout, batch: 2048, learningRate, decayAfter, warmup: 4883, levels, images: images * million },
  );

const pixels = (size: Size): Edm2Preset => imageNet(3, size, 35_000, { mean: -0.8, deviation: 1.6 });
const latents = (size: Size): Edm2Preset => imageNet(4, size, 70_000, { mean: -0.4, deviation: 1 });

/** About a million parameters, for a few cores. */
const small = (): Edm2Preset =>
  onEdm(
    {
      ...edm2Defaults,
      channels: 3,
      size: 32,
      width: 16,
      multipliers: [1, 2, 4],
      blocks: 2,
      attention: [1],
      headChannels: 32,
    },
    {
      dropout: 0,
      batch: 16,
      learningRate: 1e-2,
      decayAfter: 1000,
      warmup: 20,
      levels: { mean: -1.2, deviation: 1.2 },
      images: 96_000,
    },
  );

/** Data and size of a preset. */
export type Edm2PresetName =
  | 'ImageNet 512, EDM2-XXS'
  | 'ImageNet 512, EDM2-XS'
  | 'ImageNet 512, EDM2-S'
  | 'ImageNet 512, EDM2-M'
  | 'ImageNet 512, EDM2-L'
  | 'ImageNet 512, EDM2-XL'
  | 'ImageNet 512, EDM2-XXL'
  | 'ImageNet 64, EDM2-XS'
  | 'ImageNet 64, EDM2-S'
  | 'ImageNet 64, EDM2-M'
  | 'ImageNet 64, EDM2-L'
  | 'ImageNet 64, EDM2-XL'
  | 'CIFAR-10 small, EDM2';

/** The settings of EDM2's experiments, and a small one for CIFAR-10. [Karras 2024, table 6; its code] */
export const edm2Presets: Readonly<Record<Edm2PresetName, () => Edm2Preset>> = {
  'ImageNet 512, EDM2-XXS': () => latents({ width: 64, learningRate: 0.017, dropout: 0, images: 2048 }),
  'ImageNet 512, EDM2-XS': () => latents({ width: 128, learningRate: 0.012, dropout: 0, images: 2048 }),
  'ImageNet 512, EDM2-S': () => latents({ width: 192, learningRate: 0.01, dropout: 0, images: 2048 }),
  'ImageNet 512, EDM2-M': () => latents({ width: 256, learningRate: 0.009, dropout: 0.1, images: 2048 }),
  'ImageNet 512, EDM2-L': () => latents({ width: 320, learningRate: 0.008, dropout: 0.1, images: 1792 }),
  'ImageNet 512, EDM2-XL': () => latents({ width: 384, learningRate: 0.007, dropout: 0.1, images: 1280 }),
  'ImageNet 512, EDM2-XXL': () => latents({ width: 448, learningRate: 0.0065, dropout: 0.1, images: 896 }),
  'ImageNet 64, EDM2-XS': () => pixels({ width: 128, learningRate: 0.012, dropout: 0, images: 1024 }),
  'ImageNet 64, EDM2-S': () => pixels({ width: 192, learningRate: 0.01, dropout: 0, images: 1024 }),
  'ImageNet 64, EDM2-M': () => pixels({ width: 256, learningRate: 0.009, dropout: 0.1, images: 2048 }),
  'ImageNet 64, EDM2-L': () => pixels({ width: 320, learningRate: 0.008, dropout: 0.1, images: 1024 }),
  'ImageNet 64, EDM2-XL': () => pixels({ width: 384, learningRate: 0.007, dropout: 0.1, images: 640 }),
  'CIFAR-10 small, EDM2': small,
};
