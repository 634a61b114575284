import type { Variable } from '@tensorflow/tfjs-core';
import { float32, type Stored } from '../train/safetensors.js';
import { readParameters } from '../train/snapshot.js';
import { type Counterpart, permute, writeForeign } from './foreign.js';

/**
 * Files of the original code (PyTorch names and layouts) to parameters and back. Images there are [B, C, H, W], kernels
 * [out, in, height, width] and matrices [out, in].
 */
const ends: Readonly<Record<string, string>> = {
  scale: 'weight',
  shift: 'bias',
  frequencies: 'W',
  w: 'weight',
  b: 'bias',
};

const counterpart = (name: string, { length: rank }: readonly number[]): Counterpart => {
  const cut = name.lastIndexOf('.');
  const [module, own] = [name.slice(0, cut), name.slice(cut + 1)];
  const same = Array.from({ length: rank }, (_, i) => i);
  if (!module.startsWith('all_modules')) return { name, axes: same };
  if (/\.NIN_\d+$/.test(module)) return { name: `${module}.${own === 'w' ? 'W' : 'b'}`, axes: same };
  const axes = own !== 'w' ? same : rank === 4 ? [3, 2, 0, 1] : [1, 0];
  return { name: `${module}.${ends[own]}`, axes };
};

/** What the original keeps beside its parameters: levels that follow from the configuration. */
const BUFFERS = new Set(['sigmas']);

/** A network's parameters as the original code names and lays them out, ready for `encodeSafetensors`. */
export const originalArrays = (parameters: ReadonlyMap<string, Variable>): Map<string, Stored> =>
  new Map(
    [...readParameters(parameters)].map(([own, { values, shape }]) => {
      const { name, axes } = counterpart(own, shape);
      const there = axes.map(axis => shape[axis]!);
      return [name, float32(permute(values as Float32Array, shape, axes), there)] as const;
    }),
  );

/**
 * Sets a network's parameters from arrays of the original code.
 * @throws RangeError naming an array that is missing, of another shape, or of no layer of this network
 */
export const writeOriginal = (parameters: ReadonlyMap<string, Variable>, arrays: ReadonlyMap<string, Stored>): void =>
  writeForeign(parameters, arrays, counterpart, name => BUFFERS.has(name));
