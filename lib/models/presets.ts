import { edm, subVp, ve, vp } from '../process/index.js';
import {
  logSigmaLabel,
  type Prediction,
  precondition,
  predictNoise,
  predictScore,
  stepLabel,
} from '../score/prediction.js';
import type { GaussianProcess } from '../types.js';
import type { NcsnppConfig } from './config.js';

/** A network with what it was trained for and how. */
export interface Preset {
  readonly network: NcsnppConfig;
  readonly process: GaussianProcess;
  /** What the network predicts, and the label that it is told. */
  readonly prediction: Prediction;
  /** Height and width of the images. */
  readonly size: number;
  readonly training: {
    readonly dropout: number;
    /** The final decay of the averaged weights. */
    readonly decay: number;
    readonly learningRate: number;
    readonly warmup: number;
    readonly batch: number;
  };
}

const ddpm: NcsnppConfig = {
  channels: 3,
  width: 128,
  multipliers: [1, 2, 2, 2],
  blocks: 2,
  attention: [1],
  taps: [1, 1],
  resize: 'convolution',
  rescale: false,
  input: 'none',
  combine: 'sum',
  output: 'none',
  divideBySigma: false,
  centre: false,
  initScale: 0,
};
const ddpmpp: NcsnppConfig = { ...ddpm, blocks: 4, resize: 'block', rescale: true };
/** Told 999 t, for VP; for VE it is told log σ and gives the score of images in [0, 1]. */
const ncsnpp: NcsnppConfig = { ...ddpmpp, taps: [1, 3, 3, 1], input: 'residual' };
const ncsnppVe: NcsnppConfig = { ...ncsnpp, fourierScale: 16, divideBySigma: true, centre: true };
/** For 256 × 256 pixels and more: the image comes and goes level by level, attention where 16 × 16 are left. */
const large: NcsnppConfig = {
  ...ncsnppVe,
  multipliers: [1, 1, 2, 2, 2, 2, 2],
  blocks: 2,
  attention: [4],
  input: 'skip',
  output: 'skip',
};
const deep = (network: NcsnppConfig): NcsnppConfig => ({ ...network, blocks: 8 });

const training = { dropout: 0.1, decay: 0.9999, learningRate: 2e-4, warmup: 5000, batch: 128 };

const onVp = (network: NcsnppConfig, process = vp()): Preset => ({
  network,
  process,
  prediction: predictNoise(stepLabel),
  size: 32,
  training,
});

const onVe = (network: NcsnppConfig, sigmaMax: number, size: number, own: Partial<Preset['training']>): Preset => {
  const process = ve({ sigmaMax });
  return {
    network,
    process,
    prediction: predictScore(process, logSigmaLabel(process)),
    size,
    training: { ...training, decay: 0.999, ...own },
  };
};

/** CelebA's network is told the number of its level of a thousand, counted from σ_max. */
const celeba = (): Preset => {
  const levels = { sigmaMin: 0.01, sigmaMax: 90, count: 1000 };
  const { fourierScale: _, ...told } = ncsnppVe;
  const preset = onVe({ ...told, levels, attention: [2] }, levels.sigmaMax, 64, {});
  return { ...preset, prediction: predictScore(preset.process, t => (levels.count - 1) * (1 - t)) };
};

const big = (sigmaMax: number): Preset => onVe(large, sigmaMax, 256, { dropout: 0, batch: 64 });
const ffhq1024: NcsnppConfig = {
  ...large,
  width: 16,
  multipliers: [1, 2, 4, 8, 16, 32, 32, 32],
  blocks: 1,
  attention: [6],
};

/** About a million parameters, which train for a minute or an hour on a few cores. */
const small = (preset: Preset): Preset => ({
  ...preset,
  network: { ...preset.network, width: 16, multipliers: [1, 2, 4], blocks: 2 },
  training: { dropout: 0, decay: 0.99, learningRate: 2e-3, warmup: 20, batch: 16 },
});

/** Images in [−1, 1], a network that is told ¼ ln ς and wrapped so that all it takes and gives has variance 1. */
const onEdm = (network: NcsnppConfig): Preset => {
  const process = edm();
  return {
    network: { ...network, multipliers: [2, 2, 2] },
    process,
    prediction: precondition(process, 0.5),
    size: 32,
    training: {
      dropout: 0.13,
      decay: 0.5 ** (512 / 500_000), // half a weight after half a million images
      learningRate: 1e-3,
      warmup: 19_531, // ten million images
      batch: 512,
    },
  };
};
const fourierFeatures: NcsnppConfig = { ...ncsnpp, fourierScale: 16 };

/** Data, network and process of a preset. */
export type PresetName =
  | 'CIFAR-10, DDPM, VP'
  | 'CIFAR-10, DDPM, sub-VP'
  | 'CIFAR-10, DDPM++, VP'
  | 'CIFAR-10, DDPM++ deep, VP'
  | 'CIFAR-10, DDPM++, sub-VP'
  | 'CIFAR-10, DDPM++ deep, sub-VP'
  | 'CIFAR-10, NCSN++, VP'
  | 'CIFAR-10, NCSN++ deep, VP'
  | 'CIFAR-10, NCSN++, VE'
  | 'CIFAR-10, NCSN++ deep, VE'
  | 'CIFAR-10, DDPM++, EDM'
  | 'CIFAR-10, NCSN++, EDM'
  | 'CIFAR-10 by class, DDPM++, EDM'
  | 'CIFAR-10 small, DDPM++, VP'
  | 'CIFAR-10 small, DDPM++, EDM'
  | 'CIFAR-10 small, NCSN++, EDM'
  | 'CelebA 64, NCSN++, VE'
  | 'CelebA-HQ 256, NCSN++, VE'
  | 'FFHQ 256, NCSN++, VE'
  | 'FFHQ 1024, NCSN++, VE'
  | 'LSUN bedroom 256, NCSN++, VE'
  | 'LSUN church 256, NCSN++, VE';

/** The settings of the experiments of the paper and of EDM, and small ones of the same kinds. [Song 2021, app. H; Karras 2022, table 7; their code] */
export const presets: Readonly<Record<PresetName, () => Preset>> = {
  'CIFAR-10, DDPM, VP': () => onVp(ddpm),
  'CIFAR-10, DDPM, sub-VP': () => onVp(ddpm, subVp()),
  'CIFAR-10, DDPM++, VP': () => onVp(ddpmpp),
  'CIFAR-10, DDPM++ deep, VP': () => onVp(deep(ddpmpp)),
  'CIFAR-10, DDPM++, sub-VP': () => onVp(ddpmpp, subVp()),
  'CIFAR-10, DDPM++ deep, sub-VP': () => onVp(deep(ddpmpp), subVp()),
  'CIFAR-10, NCSN++, VP': () => onVp(ncsnpp),
  'CIFAR-10, NCSN++ deep, VP': () => onVp(deep(ncsnpp)),
  'CIFAR-10, NCSN++, VE': () => onVe(ncsnppVe, 50, 32, {}),
  'CIFAR-10, NCSN++ deep, VE': () => onVe(deep(ncsnppVe), 50, 32, {}),
  'CIFAR-10, DDPM++, EDM': () => onEdm(ddpmpp),
  'CIFAR-10, NCSN++, EDM': () => onEdm(fourierFeatures),
  'CIFAR-10 by class, DDPM++, EDM': () => onEdm({ ...ddpmpp, classes: 10 }),
  'CIFAR-10 small, DDPM++, VP': () => small(onVp(ddpmpp)),
  'CIFAR-10 small, DDPM++, EDM': () => small(onEdm(ddpmpp)),
  'CIFAR-10 small, NCSN++, EDM': () => small(onEdm(fourierFeatures)),
  'CelebA 64, NCSN++, VE': celeba,
  'CelebA-HQ 256, NCSN++, VE': () => big(348),
  'FFHQ 256, NCSN++, VE': () => big(348),
  'FFHQ 1024, NCSN++, VE': () => onVe(ffhq1024, 1348, 1024, { dropout: 0, decay: 0.9999, batch: 8 }),
  'LSUN bedroom 256, NCSN++, VE': () => big(378),
  'LSUN church 256, NCSN++, VE': () => big(380),
};
