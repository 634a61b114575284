import type { Tensor } from '@tensorflow/tfjs-core';
import { reject } from '../errors.js';
import { squaredDistance, type Vectors } from '../math/squared-distance.js';

/** Samples on the host: n points of d coordinates, row after row. Metrics accumulate in float64. */
export interface Points extends Vectors {
  readonly n: number;
}

/** Samples as a metric takes them: a tensor [n, ...event], or points. */
export type Samples = Tensor | Points;

const isTensor = (samples: Samples): samples is Tensor => 'dataId' in samples;

/** Reads a tensor [n, ...event] back as n points; a tensor is not disposed of. */
export const points = (samples: Samples): Points => {
  if (!isTensor(samples)) return samples;
  const n = samples.shape[0] ?? reject('the shape of the samples', samples.shape, 'give [n, ...event]');
  return { n, d: samples.size / n, values: samples.dataSync() };
};

/** Two sets of points in the same space. @throws RangeError otherwise. */
export const pairOf = (x: Samples, y: Samples): readonly [Points, Points] => {
  const [a, b] = [points(x), points(y)];
  if (a.d !== b.d) reject('the numbers of coordinates', [a.d, b.d], 'they have to agree');
  if (a.n < 2 || b.n < 2) reject('the numbers of samples', [a.n, b.n], 'give at least two of each');
  return [a, b];
};

/** Σᵢⱼ kernel(‖xᵢ − yⱼ‖²), without the diagonal when x and y are the same points. */
export const sumOverPairs = (x: Points, y: Points, kernel: (squared: number) => number): number => {
  const same = x === y;
  let total = 0;
  for (let i = 0; i < x.n; i++) {
    for (let j = same ? i + 1 : 0; j < y.n; j++) {
      total += kernel(squaredDistance(x, i, y, j));
    }
  }
  return same ? 2 * total : total;
};

/** The mean of the kernel over all pairs of distinct samples. */
export const meanOverPairs = (x: Points, y: Points, kernel: (squared: number) => number): number =>
  sumOverPairs(x, y, kernel) / (x === y ? x.n * (x.n - 1) : x.n * y.n);
