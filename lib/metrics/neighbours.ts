import { type Points, pairOf, type Samples } from './points.js';

/** A point of a set, by its row, and how far it is. */
export interface Neighbour {
  readonly index: number;
  readonly distance: number;
}

/** ‖xᵢ − yⱼ‖², or anything above `limit` where it is above `limit`. */
export const squaredDistance = (
  x: Points,
  i: number,
  y: Points,
  j: number,
  limit = Number.POSITIVE_INFINITY,
): number => {
  const [a, b] = [i * x.d, j * x.d];
  let squared = 0;
  for (let k = 0; k < x.d && squared <= limit; k++) {
    const difference = x.values[a + k]! - y.values[b + k]!;
    squared += difference * difference;
  }
  return squared;
};

/**
 * The point nearest to each query by Euclidean distance, the first of equals: a sample that is a copy of training data is
 * at distance 0. Every pair is looked at, and left as soon as it is too far.
 * @param queries [n, ...event]
 * @param among [m, ...event]
 */
export const nearest = (queries: Samples, among: Samples): Neighbour[] => {
  const [x, y] = pairOf(queries, among);
  return Array.from({ length: x.n }, (_, i) => {
    let [index, best] = [-1, Number.POSITIVE_INFINITY];
    for (let j = 0; j < y.n; j++) {
      const squared = squaredDistance(x, i, y, j, best);
      if (squared < best) [index, best] = [j, squared];
    }
    return { index, distance: Math.sqrt(best) };
  });
};
