import { createPast } from '../samplers/past.js';
import { type Algebra, type Sampler, stepOver } from '../samplers/plan.js';
import type { GaussianProcess } from '../types.js';
import { iterate, lastOf } from './iterate.js';

/**
 * Takes a value through the times by a sampler, over any algebra of values that need no release.
 * @param noise the n standard normals of step i = 1, 2, …
 */
export const runSampler = <V>(
  process: GaussianProcess,
  sampler: Sampler,
  algebra: Algebra<V>,
  x: V,
  times: ArrayLike<number>,
  noise: (step: number, n: number) => readonly V[],
): V => {
  const step = stepOver(process, sampler, algebra, createPast<V>());
  const advance = (state: V, i: number): V => step(state, times[i - 1]!, times[i]!, n => noise(i, n));
  return lastOf(iterate(x, i => i < times.length, advance));
};

/** ∇ log p_t on a point, [D], in float64. */
export type HostScore = (x: readonly number[], t: number) => readonly number[];

const combine: Algebra<readonly number[]>['combine'] = terms => {
  const d = terms[0]?.[1].length ?? 0;
  return Array.from({ length: d }, (_, i) => terms.reduce((sum, [w, v]) => sum + w * v[i]!, 0));
};

/**
 * The same samplers in float64 on the host, for one point: what convergence orders are measured with.
 * @param noise the normals of step i of size n, [n][D]
 */
export const hostSolve = (
  process: GaussianProcess,
  score: HostScore,
  sampler: Sampler,
  x: readonly number[],
  times: readonly number[],
  noise: (step: number, n: number) => readonly (readonly number[])[] = () => [],
): readonly number[] => runSampler(process, sampler, { combine, score }, x, times, noise);
