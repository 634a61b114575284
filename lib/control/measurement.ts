import {
  avgPool,
  matMul,
  mul,
  reshape,
  type Tensor,
  type Tensor4D,
  tensor,
  tensor2d,
  tidy,
  tile,
} from '@tensorflow/tfjs-core';
import { integer, positive, reject, sameShape } from '../errors.js';
import { type Matrix, matrixProduct, symmetricEigen, transpose } from '../math/linear-algebra.js';
import { sizeOf } from '../math/shape.js';
import { scaleRows } from '../rows.js';

/** One number for all rows of a batch, or one for each. */
export type PerRow = number | readonly number[];

/** A linear A on events, y = A x + σ_y ε, as the control steps use it. A new measurement is these three functions. */
export interface Measurement {
  /** A x: [B, ...event] → [B, ...observed]. */
  apply(x: Tensor): Tensor;
  /** Aᵀ y: [B, ...observed] → [B, ...event]. */
  adjoint(y: Tensor): Tensor;
  /** (v A Aᵀ + w I)⁻¹ y, shaped like y. */
  precision(y: Tensor, v: PerRow, w: PerRow): Tensor;
}

/** @throws RangeError unless y is an observation like this one, [B, ...observed], or one for all rows, [1, ...observed] */
export const sameObservation = (y: Tensor, seen: Tensor): void =>
  sameShape('the observation y', y.shape, y.shape[0] === 1 ? [1, ...seen.shape.slice(1)] : seen.shape);

const eachOf = (v: PerRow, w: PerRow, value: (v: number, w: number) => number): PerRow => {
  if (typeof v === 'number' && typeof w === 'number') return value(v, w);
  const pick = (list: PerRow, i: number): number => (typeof list === 'number' ? list : list[i]!);
  return Array.from({ length: typeof v === 'number' ? (w as readonly number[]).length : v.length }, (_, i) =>
    value(pick(v, i), pick(w, i)),
  );
};

/** A measurement with A Aᵀ = gain · I. */
const tight = (apply: Measurement['apply'], adjoint: Measurement['adjoint'], gain: number): Measurement => ({
  apply,
  adjoint,
  precision: (y, v, w) =>
    scaleRows(
      y,
      eachOf(v, w, (a, b) => 1 / (gain * a + b)),
    ),
});

/**
 * Some coordinates are seen: inpainting. The observation has the shape of the event and is 0 where nothing is seen.
 * @param mask 1 where seen and 0 elsewhere, flat, of the event's size
 */
export const masked = (mask: ArrayLike<number>, shape: readonly number[]): Measurement => {
  const list = Array.from(mask, (v, i) => (v === 0 || v === 1 ? v : reject(`mask[${i}]`, v, 'a mask holds 0 and 1')));
  if (list.length !== sizeOf(shape)) reject('the length of the mask', list.length, `${sizeOf(shape)} is expected`);
  const cover = (x: Tensor): Tensor => {
    sameShape('x', x.shape, [-1, ...shape]);
    return tidy(() => mul(x, tensor(list, [...shape], 'float32')));
  };
  return tight(cover, cover, 1);
};

/**
 * Mixes of the channels, the last axis: y = Q x with orthonormal rows Q, [M][C]. `[[1, 1, 1]]/√3` is the grey image of
 * colourisation. [Song 2021, app. I.3]
 * @throws RangeError when the rows are not orthonormal.
 */
export const channels = (q: Matrix): Measurement => {
  const gram = matrixProduct(q, transpose(q));
  gram.forEach((row, i) => {
    row.forEach((v, j) => {
      if (Math.abs(v - Number(i === j)) > 1e-6)
        reject(`the product of rows ${i} and ${j}`, v, 'make the rows orthonormal');
    });
  });
  const along = (x: Tensor, matrix: Matrix): Tensor =>
    tidy(() => {
      const last = x.shape.at(-1)!;
      sameShape('x', x.shape, [...x.shape.slice(0, -1), matrix[0]!.length]);
      const flat = reshape(x, [x.size / last, last]);
      const out = matMul(flat as ReturnType<typeof tensor2d>, tensor2d(transpose(matrix)));
      return reshape(out, [...x.shape.slice(0, -1), matrix.length]);
    });
  return tight(
    x => along(x, q),
    y => along(y, transpose(q)),
    1,
  );
};

/** The grey image of an image with this many channels, as `channels` takes it. */
export const grey = (count = 3): number[][] => [
  new Array<number>(integer('count', count, 1)).fill(1 / Math.sqrt(count)),
];

/** Means of factor × factor blocks of images [H, W, C]: super-resolution. A Aᵀ = I/factor². */
export const blockMeans = (factor: number): Measurement => {
  integer('factor', factor, 1);
  const apply = (x: Tensor): Tensor => {
    const [, h = 0, w = 0] = x.shape;
    if (x.rank !== 4 || h % factor !== 0 || w % factor !== 0) {
      reject('the shape of x', x.shape, `give images [B, H, W, C] with H and W multiples of ${factor}`);
    }
    return avgPool(x as Tensor4D, factor, factor, 'valid');
  };
  const adjoint = (y: Tensor): Tensor =>
    tidy(() => {
      const [b, h, w, c] = y.shape as [number, number, number, number];
      const wide = tile(reshape(y, [b * h, 1, w, 1, c]), [1, factor, 1, factor, 1]);
      return reshape(mul(wide, 1 / factor ** 2), [b, h * factor, w * factor, c]);
    });
  return tight(apply, adjoint, 1 / factor ** 2);
};

/** Any matrix A, [M][D], on events of the given shape: y = A x is [B, M]. */
export const matrixMeasurement = (a: Matrix, shape: readonly number[]): Measurement => {
  const d = sizeOf(shape);
  for (const row of a) if (row.length !== d) reject('a row of the matrix', row, `${d} entries are expected`);
  const { values, vectors } = symmetricEigen(matrixProduct(a, transpose(a)));
  const top = Math.max(...values);
  const spectrum = values.map(v => (v > 1e-12 * top ? v : 0));
  positive('the norm of the matrix', top);
  const times = (x: Tensor, m: Matrix): Tensor =>
    matMul(reshape(x, [x.shape[0]!, -1]) as ReturnType<typeof tensor2d>, tensor2d(transpose(m)));
  return {
    apply: x => {
      sameShape('x', x.shape, [-1, ...shape]);
      return tidy(() => times(x, a));
    },
    adjoint: y => tidy(() => reshape(times(y, transpose(a)), [y.shape[0]!, ...shape])),
    precision: (y, v, w) =>
      tidy(() => {
        const rows = Array.from({ length: y.shape[0]! }, (_, i) => {
          const at = (p: PerRow): number => (typeof p === 'number' ? p : p[i]!);
          // A direction that A does not see at all has no inverse; it is left out, as in a pseudo-inverse.
          return spectrum.map(s => (at(v) * s + at(w) > 0 ? 1 / (at(v) * s + at(w)) : 0));
        });
        return times(mul(times(y, vectors), tensor2d(rows)), transpose(vectors));
      }),
  };
};
