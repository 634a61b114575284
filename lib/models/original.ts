import type { Variable } from '@tensorflow/tfjs-core';
import { reject, sameShape } from '../errors.js';
import { sizeOf } from '../math/shape.js';
import { float32, type Stored } from '../train/safetensors.js';
import { readParameters, writeParameters } from '../train/snapshot.js';

/**
 * Files of the original code (PyTorch names and layouts) to parameters and back. Images there are [B, C, H, W], kernels
 * [out, in, height, width] and matrices [out, in].
 */
interface Counterpart {
  /** The name in the file. */
  readonly name: string;
  /** Which axis of ours each axis there is. */
  readonly axes: readonly number[];
}

const ends: Readonly<Record<string, string>> = {
  scale: 'weight',
  shift: 'bias',
  frequencies: 'W',
  w: 'weight',
  b: 'bias',
};

const counterpart = (name: string, { rank }: Variable): Counterpart => {
  const cut = name.lastIndexOf('.');
  const [module, own] = [name.slice(0, cut), name.slice(cut + 1)];
  const same = Array.from({ length: rank }, (_, i) => i);
  if (!module.startsWith('all_modules')) return { name, axes: same };
  if (/\.NIN_\d+$/.test(module)) return { name: `${module}.${own === 'w' ? 'W' : 'b'}`, axes: same };
  const axes = own !== 'w' ? same : rank === 4 ? [3, 2, 0, 1] : [1, 0];
  return { name: `${module}.${ends[own]}`, axes };
};

/** Values of this shape with its axes in another order: axis i of the result is axis axes[i] of the input. */
export const permute = (values: Float32Array, shape: readonly number[], axes: readonly number[]): Float32Array => {
  const strides = shape.map((_, i) => sizeOf(shape.slice(i + 1)));
  const target = axes.map(axis => shape[axis]!);
  const out = new Float32Array(values.length);
  const index = new Array<number>(axes.length).fill(0);
  let from = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = values[from]!;
    for (let k = axes.length - 1; k >= 0; k--) {
      from += strides[axes[k]!]!;
      if (++index[k]! < target[k]!) break;
      from -= strides[axes[k]!]! * target[k]!;
      index[k] = 0;
    }
  }
  return out;
};

const inverse = (axes: readonly number[]): number[] => axes.map((_, i) => axes.indexOf(i));

/** What the original keeps beside its parameters: levels that follow from the configuration. */
const BUFFERS = new Set(['sigmas']);

/** A network's parameters as the original code names and lays them out, ready for `encodeSafetensors`. */
export const originalArrays = (parameters: ReadonlyMap<string, Variable>): Map<string, Stored> =>
  new Map(
    [...readParameters(parameters)].map(([own, { values, shape }]) => {
      const { name, axes } = counterpart(own, parameters.get(own)!);
      const there = axes.map(axis => shape[axis]!);
      return [name, float32(permute(values as Float32Array, shape, axes), there)] as const;
    }),
  );

/**
 * Sets a network's parameters from arrays of the original code.
 * @throws RangeError naming an array that is missing, of another shape, or of no layer of this network
 */
export const writeOriginal = (parameters: ReadonlyMap<string, Variable>, arrays: ReadonlyMap<string, Stored>): void => {
  const left = new Set([...arrays.keys()].filter(name => !BUFFERS.has(name)));
  const own = [...parameters].map(([ours, variable]) => {
    const { name, axes } = counterpart(ours, variable);
    const found =
      arrays.get(name) ?? reject('the array', name, 'it is missing; the file belongs to another configuration');
    sameShape(
      name,
      found.shape,
      axes.map(axis => variable.shape[axis]!),
    );
    if (found.dtype !== 'F32') reject(`the dtype of ${name}`, found.dtype, 'F32 is expected');
    left.delete(name);
    return [ours, float32(permute(found.values as Float32Array, found.shape, inverse(axes)), variable.shape)] as const;
  });
  for (const name of left) reject('the array', name, 'the network has no such layer; it is of another configuration');
  writeParameters(parameters, new Map(own));
};
