import { combineRows, type Plan, type Row, type Sampler } from './plan.js';

/** Puts a row in place of a plan's state, behind stages and noises that the row already uses. */
export const substitute = (plan: Plan, state: Row, before: { stages: number; noises: number }): Plan => {
  const behind = (n: number, list: readonly number[]): number[] =>
    list.length === 0 ? [] : [...new Array<number>(n).fill(0), ...list];
  const replaced = (row: Row): Row =>
    combineRows([
      [row.x, state],
      [1, { ...row, x: 0, s: behind(before.stages, row.s), z: behind(before.noises, row.z) }],
    ]);
  return {
    stages: plan.stages.map(stage => ({ ...replaced(stage), t: stage.t })),
    result: replaced(plan.result),
    ...(plan.keep && { keep: { ...replaced(plan.keep), depth: plan.keep.depth } }),
    noises: plan.noises + before.noises,
  };
};

/**
 * A corrector at t and then a predictor from t to u, as one sampler: `compose` for coefficients, so that the moment
 * recursion covers predictor–corrector samplers too. Only the predictor may be a multistep sampler.
 */
export const correctedBy =
  (corrector: Sampler, predictor: Sampler): Sampler =>
  (process, t, u, past) => {
    const first = corrector(process, t, t, []);
    const used = { stages: first.stages.length, noises: first.noises };
    const second = substitute(predictor(process, t, u, past), first.result, used);
    return { ...second, stages: [...first.stages, ...second.stages] };
  };
