import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import { prior } from '../process/perturb.js';
import type { Rng } from '../rng/rng.js';
import { eulerMaruyama } from '../samplers/euler.js';
import type { Corrector } from '../samplers/langevin.js';
import type { Sampler } from '../samplers/plan.js';
import type { GaussianProcess, Score } from '../types.js';
import { compose } from './compose.js';
import { denoise } from './denoise.js';
import { last, solve } from './solve.js';
import { corrector as correctorStep, predictor } from './step.js';
import { uniformTimes } from './times.js';

/** What `sample` takes beside the model, each with a default. */
export interface SampleOptions {
  /** The predictor; the reverse SDE by Euler–Maruyama unless given. */
  readonly sampler?: Sampler;
  /** Moves before each step of the predictor. */
  readonly corrector?: Corrector;
  /** The number of steps, equal in t, from T to 1e-3 T; 1000 unless given. */
  readonly steps?: number;
  /** The times of the run, in place of `steps`. */
  readonly times?: readonly number[];
  /** Whether the last state is replaced by E[x_0 | x_t], as the authors' code does; true unless given. */
  readonly denoised?: boolean;
}

/**
 * New samples in one call: draws x_T from the prior, takes it through the times, and denoises the end.
 * `solve` does the same with every state in the caller's hands.
 * @param shape [B, ...event]
 * @returns samples of this shape, the caller's
 */
export const sample = (
  process: GaussianProcess,
  score: Score,
  shape: readonly number[],
  rng: Rng,
  options: SampleOptions = {},
): Tensor => {
  const { sampler = eulerMaruyama(), corrector, steps = 1000, denoised = true } = options;
  const { times = uniformTimes(steps, process.T, 1e-3 * process.T) } = options;
  const move = predictor(process, score, sampler);
  const step = corrector ? compose(correctorStep(process, score, corrector), move) : move;
  const start = prior(process, shape, rng);
  try {
    const end = last(solve(step, start, times, rng));
    if (!denoised) return end;
    return tidy(() => {
      const out = denoise(process, score, end, times.at(-1)!);
      end.dispose();
      return out;
    });
  } finally {
    start.dispose();
  }
};
