import { varsigma } from '../process/gaussian.js';
import type { GaussianProcess } from '../types.js';
import { carriedData } from './carried.js';
import { combineRows, type Plan, type Row, rows, type Sampler } from './plan.js';

const logSignal = (process: GaussianProcess, t: number): number => -Math.log(varsigma(process, t));

/**
 * x̂_0 carried on to the middle of the step from the two newest values: D + (D − D′)/(2r), r the ratio of the last step
 * to this one in log(α/σ). The first step and one that ends at σ = 0 use D alone.
 */
const carried = (process: GaussianProcess, t: number, u: number, past: readonly number[]): Row => {
  const now = carriedData.row(process, t);
  const before = past[0];
  if (before === undefined || process.sigma(u) === 0) return now;
  const h = logSignal(process, u) - logSignal(process, t);
  const ratio = (logSignal(process, t) - logSignal(process, before)) / h;
  const w = 1 / (2 * ratio);
  return combineRows([
    [1 + w, now],
    [-w, rows.kept(0)],
  ]);
};

const multistep = (
  process: GaussianProcess,
  t: number,
  terms: readonly (readonly [number, Row])[],
  noises: number,
): Plan => ({
  stages: [{ ...rows.state, t }],
  result: combineRows(terms),
  keep: { ...carriedData.row(process, t), depth: 1 },
  noises,
});

/**
 * DPM-Solver++(2M) for the probability flow: x′ = (σ_u/σ_t) x − α_u (e^{−h} − 1) D, h = log ς_t − log ς_u, where D is
 * carried on from the step before. Order 2 with one evaluation a step. [Lu 2022b, algorithm 2]
 */
export const dpmSolver2M = (): Sampler => (process, t, u, past) => {
  const shrink = varsigma(process, u) / varsigma(process, t); // e^{−h}
  return multistep(
    process,
    t,
    [
      [process.sigma(u) / process.sigma(t), rows.state],
      [process.alpha(u) * (1 - shrink), carried(process, t, u, past)],
    ],
    0,
  );
};

/**
 * SDE-DPM-Solver++(2M) for the reverse SDE: x′ = (σ_u/σ_t) e^{−h} x + α_u (1 − e^{−2h}) D + σ_u √(1 − e^{−2h}) z.
 * [Lu 2022b, SDE-DPM-Solver++(2M)]
 */
export const dpmSolver2MSde = (): Sampler => (process, t, u, past) => {
  const shrink = varsigma(process, u) / varsigma(process, t);
  const lost = (1 - shrink) * (1 + shrink); // 1 − e^{−2h}
  return multistep(
    process,
    t,
    [
      [(process.sigma(u) / process.sigma(t)) * shrink, rows.state],
      [process.alpha(u) * lost, carried(process, t, u, past)],
      [process.sigma(u) * Math.sqrt(lost), rows.noise(0)],
    ],
    1,
  );
};
