import { mul, reshape, type Tensor, tensor1d } from '@tensorflow/tfjs-core';
import { sameShape } from './errors.js';

/** One scalar for each row of a batch, or one for all rows. */
export type RowScalars = number | Tensor | ArrayLike<number>;

const isTensor = (values: Tensor | ArrayLike<number>): values is Tensor => 'dataId' in values;

/**
 * Scalars [B] shaped [B, 1, …, 1] like the rank of x: [B, ...event], ready to multiply or add.
 * Host numbers are float64 until here and float32 after.
 * @throws RangeError when there is not one scalar per row of x.
 */
export const perRow = (values: Tensor | ArrayLike<number>, x: Tensor): Tensor => {
  const v = isTensor(values) ? values : tensor1d(Float32Array.from(values));
  sameShape('the per-row scalars', v.shape, [x.shape[0] ?? 1]);
  return reshape(v, [v.size, ...x.shape.slice(1).map(() => 1)]); // [B, 1, …]
};

/** values · x, row by row: [B, ...event]. */
export const scaleRows = (values: RowScalars, x: Tensor): Tensor =>
  mul(x, typeof values === 'number' ? values : perRow(values, x));
