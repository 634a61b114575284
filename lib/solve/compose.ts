import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import { integer } from '../errors.js';
import type { Step } from './step.js';

/**
 * Steps one after another. All are called with (t, u): a corrector acts at t and leaves the time where it is, so
 * `compose(corrector, predictor)` corrects first, as the authors' code does, and
 * `compose(predictor, arrived(corrector))` corrects afterwards, as the paper's algorithms 2 and 3 do.
 */
export const compose =
  (...steps: readonly Step[]): Step =>
  (x, t, u, rng, memory) =>
    tidy(() => steps.reduce((state, step) => step(state, t, u, rng, memory), x.clone() as Tensor));

/** The same step n times: n corrections at every level. */
export const repeat = (n: number, step: Step): Step => compose(...new Array<Step>(integer('n', n, 1)).fill(step));

/** Calls a corrector at the time u at which the predictor has arrived. */
export const arrived =
  (corrector: Step): Step =>
  (x, _t, u, rng, memory) =>
    corrector(x, u, u, rng, memory);
