import { integer } from '../errors.js';
import { squaredDistance } from '../math/squared-distance.js';
import { type Points, pairOf, type Samples } from './points.js';

/** How much of what was made looks real, and how much of what is real was made. */
export interface PrecisionRecall {
  /** The share of generated samples within the support of the real ones. */
  readonly precision: number;
  /** The share of real samples within the support of the generated ones. */
  readonly recall: number;
}

/** The squared distance from each point to its k-th nearest other point. */
const radii = (x: Points, k: number): Float64Array => {
  const row = new Float64Array(x.n);
  return Float64Array.from({ length: x.n }, (_, i) => {
    for (let j = 0; j < x.n; j++) row[j] = j === i ? Number.POSITIVE_INFINITY : squaredDistance(x, i, x, j);
    return Float64Array.from(row).sort()[k - 1]!;
  });
};

/** The share of y's points that lie in a ball of x. */
const covered = (x: Points, squaredRadii: Float64Array, y: Points): number => {
  let inside = 0;
  for (let j = 0; j < y.n; j++) {
    if (squaredRadii.some((radius, i) => squaredDistance(y, j, x, i, radius) <= radius)) inside++;
  }
  return inside / y.n;
};

/**
 * Precision and recall by nearest neighbours: the support of a set is taken for the union of balls around its points,
 * each as wide as the distance to the k-th nearest other point of the set. Both grow with k and depend on the numbers of
 * samples, so that only figures with equal ones compare. Cost (n + m)². [Kynkäänniemi 2019, eq. 1 and 2]
 * @param real [n, ...event], of images their features
 * @param generated [m, ...event]
 */
export const precisionRecall = (real: Samples, generated: Samples, k = 3): PrecisionRecall => {
  const [x, y] = pairOf(real, generated);
  integer('k', k, 1, Math.min(x.n, y.n) - 1);
  return { precision: covered(x, radii(x, k), y), recall: covered(y, radii(y, k), x) };
};
