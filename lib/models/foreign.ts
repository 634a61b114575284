import type { Variable } from '@tensorflow/tfjs-core';
import { reject, sameShape } from '../errors.js';
import { sizeOf } from '../math/shape.js';
import { float32, type Stored } from '../train/safetensors.js';
import { writeParameters } from '../train/snapshot.js';

/** What a parameter of ours is in a file of another program. */
export interface Counterpart {
  /** The name in the file. */
  readonly name: string;
  /** Which axis of ours each axis there is. */
  readonly axes: readonly number[];
  /** Our shape, where the file has axes of length 1 beside it. */
  readonly shape?: readonly number[];
  /** Only rows third, third + 3, … of the array. */
  readonly third?: number;
}

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

/** Rows third, third + 3, … of the first axis: queries, keys and values take turns there. */
const everyThird = (values: Float32Array, rows: number, third: number): Float32Array => {
  const row = values.length / rows;
  const out = new Float32Array(values.length / 3);
  for (let i = 0; 3 * i < rows; i++)
    out.set(values.subarray((3 * i + third) * row, (3 * i + third + 1) * row), i * row);
  return out;
};

/**
 * Sets a network's parameters from arrays with other names and layouts.
 * @param unused names that have no parameter here
 * @throws RangeError naming an array that is missing, of another shape, or of no layer of this network
 */
export const writeForeign = (
  parameters: ReadonlyMap<string, Variable>,
  arrays: ReadonlyMap<string, Stored>,
  counterpart: (name: string, shape: readonly number[]) => Counterpart,
  unused: (name: string) => boolean,
): void => {
  const left = new Set([...arrays.keys()].filter(name => !unused(name)));
  const own = [...parameters].map(([ours, variable]) => {
    const { name, axes, third, shape = variable.shape } = counterpart(ours, variable.shape);
    const found =
      arrays.get(name) ?? reject('the array', name, 'it is missing; the file belongs to another configuration');
    const there = axes.map(axis => shape[axis]!);
    const [rows = 1, ...rest] = there;
    sameShape(name, found.shape, third === undefined ? there : [3 * rows, ...rest]);
    if (found.dtype !== 'F32') reject(`the dtype of ${name}`, found.dtype, 'F32 is expected');
    left.delete(name);
    const values = found.values as Float32Array;
    const part = third === undefined ? values : everyThird(values, 3 * rows, third);
    return [ours, float32(permute(part, there, inverse(axes)), variable.shape)] as const;
  });
  for (const name of left) reject('the array', name, 'the network has no such layer; it is of another configuration');
  writeParameters(parameters, new Map(own));
};
