import type { GaussianProcess } from '../types.js';
import { createPast } from './past.js';
import { type Algebra, type Method, runPlan } from './plan.js';

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
  method: Method,
  x: readonly number[],
  times: readonly number[],
  noise: (step: number, n: number) => readonly (readonly number[])[] = () => [],
): readonly number[] => {
  const past = createPast<readonly number[]>();
  let state = x;
  for (let i = 1; i < times.length; i++) {
    const plan = method(process, times[i - 1]!, times[i]!, past.times());
    const out = runPlan(plan, { combine, score }, state, noise(i, plan.noises), past.values());
    if (out.keep !== undefined) past.push(times[i - 1]!, out.keep);
    state = out.x;
  }
  return state;
};
