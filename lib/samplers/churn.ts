import { reject } from '../errors.js';
import { varsigma } from '../process/gaussian.js';
import { timeOfScale } from '../process/inverse.js';
import { combineRows, rows, type Sampler } from './plan.js';
import { substitute } from './sequence.js';

/** How much noise is put back before each step. [Karras 2022, table 5] */
export interface Churn {
  /** How much noise a run of n steps adds in all; 0 leaves the ODE. S_churn. */
  readonly churn: number;
  /** The number of steps of the run. */
  readonly steps: number;
  /** Noise is added only while ς lies in [low, high]. S_tmin and S_tmax. */
  readonly low?: number;
  readonly high?: number;
  /** The standard deviation of the noise added. S_noise. */
  readonly deviation?: number;
}

/**
 * Raises the noise from ς to ς̂ = ς(1 + γ) before a sampler takes over, γ = min(S_churn/n, √2 − 1). ς̂ stays within the
 * process, so a step that starts at T adds nothing. [Karras 2022, algorithm 2, in the variables of any process]
 */
export const churned =
  (sampler: Sampler, { churn, steps, low = 0, high = Number.POSITIVE_INFINITY, deviation = 1 }: Churn): Sampler =>
  (process, t, u, past) => {
    const scale = varsigma(process, t);
    const gamma = scale >= low && scale <= high ? Math.min(churn / steps, Math.SQRT2 - 1) : 0;
    const raised = Math.min(scale * (1 + gamma), varsigma(process, process.T));
    if (!(raised > scale)) return sampler(process, t, u, past);
    const time = timeOfScale(process, raised);
    const alpha = process.alpha(time);
    // The kernel at the float64 time, so that state and score agree to the last bit.
    const added = Math.sqrt(Math.max(0, varsigma(process, time) ** 2 - scale * scale));
    const state = combineRows([
      [alpha / process.alpha(t), rows.state],
      [alpha * added * deviation, rows.noise(0)],
    ]);
    const plan = sampler(process, time, u, past);
    if (plan.keep) {
      reject(
        'the sampler under churn',
        'a multistep one',
        'fresh noise breaks what it kept; take one with a single step',
      );
    }
    return substitute(plan, state, { stages: 0, noises: 1 });
  };
