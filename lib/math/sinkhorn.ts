import { integer, positive, reject } from '../errors.js';

/** How far an entropic plan is driven. */
export interface SinkhornOptions {
  /** How much mass stands at each row and column; alike unless given. Each sums to 1. */
  readonly rows?: ArrayLike<number>;
  readonly columns?: ArrayLike<number>;
  /** The largest gap, summed over columns, at which the plan is done. Default 1e-6. */
  readonly tolerance?: number;
  /** The most rounds. Default 10 000. */
  readonly rounds?: number;
}

/** ε log of the marginal, less the soft maximum of (potential − cost)/ε along one row or column. */
const softened = (
  cost: ArrayLike<number>,
  potential: Float64Array,
  start: number,
  stride: number,
  epsilon: number,
): number => {
  let top = Number.NEGATIVE_INFINITY;
  for (let k = 0, at = start; k < potential.length; k++, at += stride) top = Math.max(top, potential[k]! - cost[at]!);
  let sum = 0;
  for (let k = 0, at = start; k < potential.length; k++, at += stride) {
    sum += Math.exp((potential[k]! - cost[at]! - top) / epsilon);
  }
  return top + epsilon * Math.log(sum);
};

/**
 * The plan π with these marginals and the least Σ π c + ε Σ π log π, by turns of rows and columns in the logarithm. Small
 * ε comes near the cheapest assignment, at the price of rounds in proportion to 1/ε. [Cuturi 2013; Peyré & Cuturi 2019, sect. 4.4]
 * @param cost row after row, n × m
 * @returns π in the same order; its rows are exact, its columns within the tolerance
 * @throws RangeError when the rounds do not suffice, with the gap that is left
 */
export const sinkhorn = (
  cost: ArrayLike<number>,
  n: number,
  epsilon: number,
  { rows, columns, tolerance = 1e-6, rounds = 10_000 }: SinkhornOptions = {},
): Float64Array => {
  positive('epsilon', epsilon);
  const m = integer('the columns of the cost', cost.length / integer('the rows of the cost', n, 1), 1);
  const mass = (given: ArrayLike<number> | undefined, count: number, name: string): Float64Array => {
    const out = Float64Array.from(given ?? new Float64Array(count).fill(1 / count));
    const total = out.reduce((sum, v) => sum + v, 0);
    if (out.length !== count || !(Math.abs(total - 1) < 1e-9))
      reject(`the mass of ${name}`, out, `${count} that sum to 1`);
    return out;
  };
  const [a, b] = [mass(rows, n, 'the rows'), mass(columns, m, 'the columns')];
  const [f, g] = [new Float64Array(n), new Float64Array(m)];
  let off = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const next = b.map((mass, j) => epsilon * Math.log(mass) - softened(cost, f, j, m, epsilon));
    // Rows are exact here, and a column sums to b exp((g − next)/ε).
    if (round > 0) off = next.reduce((sum, v, j) => sum + Math.abs(b[j]! * Math.expm1((g[j]! - v) / epsilon)), 0);
    if (off <= tolerance) break;
    g.set(next);
    for (let i = 0; i < n; i++) f[i] = epsilon * Math.log(a[i]!) - softened(cost, g, i * m, 1, epsilon);
  }
  if (!(off <= tolerance)) reject('the gap of the columns', off, 'take more rounds, or a larger epsilon');
  return Float64Array.from(cost, (c, at) => Math.exp((f[Math.floor(at / m)]! + g[at % m]! - c) / epsilon));
};
