import { squaredDistance } from '../math/squared-distance.js';
import { pairOf, type Samples } from './points.js';

/** A point of a set, by its row, and how far it is. */
export interface Neighbour {
  readonly index: number;
  readonly distance: number;
}

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
