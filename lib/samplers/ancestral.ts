import { within } from '../errors.js';
import { fromCoefficients, type Sampler } from './plan.js';
import { exactTransition, type TransitionRule } from './transition.js';

/**
 * Ancestral sampling: the mean (x + v s)/r of x_u given x_t and the x_0 that the score implies.
 * The variance is v^w (vσ_u²/σ_t²)^(1−w): w = 0 is the posterior's own, w = 1 DDPM's larger choice.
 * [Song 2021, eq. 4 for VP with w = 1; app. F for VE with w = 0]
 */
export const ancestral = (w = 0, transition: TransitionRule = exactTransition): Sampler => {
  within('the weight w of the variance', w, 0, 1);
  return fromCoefficients((process, t, u) => {
    const { r, v } = transition(process, t, u);
    const posterior = v * (process.sigma(u) / process.sigma(t)) ** 2;
    return { a: 1 / r, b: v / r, c: Math.sqrt(v ** w * posterior ** (1 - w)) };
  });
};
