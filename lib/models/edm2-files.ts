import type { Variable } from '@tensorflow/tfjs-core';
import type { Stored } from '../train/safetensors.js';
import { type Counterpart, writeForeign } from './foreign.js';

/** The same name there; weights are [out, in, height, width] or [out, in]. */
const counterpart = (name: string, { length: rank }: readonly number[]): Counterpart => ({
  name,
  axes: rank === 4 ? [3, 2, 0, 1] : rank === 2 ? [1, 0] : Array.from({ length: rank }, (_, i) => i),
});

/**
 * Sets the parameters of `edm2(config)` from arrays of an EDM2 network, whose names begin with unet and logvar.
 * @throws RangeError naming an array that is missing, of another shape, or of no layer of this network
 */
export const writeEdm2 = (parameters: ReadonlyMap<string, Variable>, arrays: ReadonlyMap<string, Stored>): void =>
  writeForeign(parameters, arrays, counterpart, () => false);
