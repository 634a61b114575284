import type { GaussianProcess } from '../types.js';
import { carriedNoise } from './carried.js';
import { ddim } from './ddim.js';
import { combineRows, type Row, rows, type Sampler } from './plan.js';

/** The weights of Adams and Bashforth for equal steps, newest first, for 2, 3 and 4 values. */
const adams = [
  [3 / 2, -1 / 2],
  [23 / 12, -16 / 12, 5 / 12],
  [55 / 24, -59 / 24, 37 / 24, -9 / 24],
] as const;

/** DDIM's step from t to u with this row for ε. */
const transfer = (process: GaussianProcess, t: number, u: number, epsilon: Row): Row =>
  combineRows([
    [carriedNoise.state(process, t, u, 0), rows.state],
    [carriedNoise.total(process, t, u, 0), epsilon],
  ]);

/**
 * PNDM as Stable Diffusion runs it (PLMS): ε by the weights for equal steps whatever the steps are, then DDIM; the first
 * step by the mean of ε at both its ends, at two evaluations. Order 2: for checkpoints that are compared at it. `lms` and
 * `deis` have the weights of the steps that are made. [Liu 2022 (PNDM), eq. 9 for the step; PNDMScheduler of diffusers with skip_prk_steps]
 */
export const pndm = (): Sampler => (process, t, u, past) => {
  const now = carriedNoise.row(process, t);
  const keep = { ...now, depth: 3 };
  const first = { ...rows.state, t };
  if (past.length > 0) {
    const weights = adams[Math.min(past.length, 3) - 1]!;
    const epsilon = combineRows(weights.map((w, i) => [w, i === 0 ? now : rows.kept(i - 1)]));
    return { stages: [first], result: transfer(process, t, u, epsilon), keep, noises: 0 };
  }
  // Where the first step ends without noise there is no second score.
  if (process.sigma(u) === 0) return { ...ddim()(process, t, u, []), keep };
  const mean = combineRows([
    [0.5, now],
    [-0.5 * process.sigma(u), rows.score(1)],
  ]);
  const ahead = { ...transfer(process, t, u, now), t: u };
  return { stages: [first, ahead], result: transfer(process, t, u, mean), keep, noises: 0 };
};
