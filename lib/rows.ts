import { mul, norm, reshape, sum, type Tensor, type Tensor1D, tensor, tensor1d, where } from '@tensorflow/tfjs-core';
import { sameShape } from './errors.js';
import type { Score } from './types.js';

/** What the library does to a batch row by row: x is [B, ...event], and a number per row is [B]. */

/** One scalar for each row of a batch, or one for all rows. */
export type RowScalars = number | Tensor | ArrayLike<number>;

const isTensor = (values: Tensor | ArrayLike<number>): values is Tensor => 'dataId' in values;

/** A number of one time, or of each row's. */
export const perTime = (t: number | Tensor1D, value: (t: number) => number): number | number[] =>
  typeof t === 'number' ? value(t) : Array.from(t.dataSync(), value);

/** Scalars [B], or any tensor of B numbers, shaped [B, 1, …, 1] with the rank of x. */
const asColumn = (v: Tensor, x: Tensor): Tensor => reshape(v, [v.size, ...x.shape.slice(1).map(() => 1)]);

/**
 * Scalars [B] shaped [B, 1, …, 1] like the rank of x: [B, ...event], ready to multiply or add.
 * Host numbers are float64 until here and float32 after.
 * @throws RangeError when there is not one scalar per row of x.
 */
export const perRow = (values: Tensor | ArrayLike<number>, x: Tensor): Tensor => {
  const v = isTensor(values) ? values : tensor1d(Float32Array.from(values));
  sameShape('the per-row scalars', v.shape, [x.shape[0] ?? 1]);
  return asColumn(v, x);
};

/** x · values, row by row: [B, ...event]. */
export const scaleRows = (x: Tensor, values: RowScalars): Tensor =>
  mul(x, typeof values === 'number' ? values : perRow(values, x));

/** Each row as a vector: [B, ...event] → [B, D]. */
export const flattenRows = (x: Tensor): Tensor => reshape(x, [x.shape[0]!, x.size / x.shape[0]!]);

/** ⟨x, y⟩ of each row: [B]. */
export const rowDot = (x: Tensor, y: Tensor): Tensor1D => sum(flattenRows(mul(x, y)), 1) as Tensor1D;

/** ‖x‖ of each row: [B]. */
export const rowLengths = (x: Tensor): Tensor1D => norm(flattenRows(x), 2, 1) as Tensor1D;

/** For each row the one or the other: parts [B, …]. */
export const chooseRows = (mask: readonly boolean[], yes: readonly Tensor[], no: readonly Tensor[]): Tensor[] =>
  yes.map((y, i) => {
    const shape = [mask.length, ...y.shape.slice(1).map(() => 1)];
    return where(tensor(Uint8Array.from(mask, Number), shape, 'bool'), y, no[i]!);
  });

/** A score whose values are checked to have the shape of the state: another shape could broadcast, and go unnoticed. */
export const shapedScore =
  (score: Score): Score =>
  (x, t) => {
    const s = score(x, t);
    sameShape('the score', s.shape, x.shape);
    return s;
  };
