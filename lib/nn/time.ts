import { concat, cos, mul, reshape, sin, type Tensor, type Tensor1D, tensor2d } from '@tensorflow/tfjs-core';
import { integer } from '../errors.js';
import { initNormal, type Scope } from './scope.js';

/** Time labels [B] → features [B, dim]. */
export type Embedding = (label: Tensor1D) => Tensor;

const waves = (angle: Tensor): Tensor => concat([sin(angle), cos(angle)], -1); // [B, dim/2] → [B, dim]

const column = (label: Tensor1D): Tensor => reshape(label, [-1, 1]);

/**
 * Sines and cosines at dim/2 frequencies from 1 down to 1/maxPeriod, for labels such as 999 t. [Vaswani 2017, §3.5]
 */
export const sinusoidal = (dim: number, maxPeriod = 10_000): Embedding => {
  const half = integer('half the embedding dimension', dim / 2, 2);
  const row = Float32Array.from({ length: half }, (_, i) => maxPeriod ** (-i / (half - 1)));
  return label => waves(mul(column(label), tensor2d(row, [1, half])));
};

/**
 * Random Fourier features with frequencies N(0, scale²) that are kept but not trained, for labels such as log σ or
 * a time in [0, 1]. [Tancik 2020; Song 2021, app. C.2]
 */
export const fourier = (scope: Scope, dim: number, scale = 16): Embedding => {
  const half = integer('half the embedding dimension', dim / 2, 1);
  const frequencies = scope.variable('frequencies', [half], initNormal(scale), false);
  return label => waves(mul(mul(column(label), frequencies), 2 * Math.PI));
};
