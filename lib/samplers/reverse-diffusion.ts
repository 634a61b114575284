import { fromCoefficients, type Sampler } from './plan.js';
import { exactTransition, type TransitionRule } from './transition.js';

/** x′ = (2 − r) x + v s + √v z: the forward step mirrored. [Song 2021, app. E] */
export const reverseDiffusion = (transition: TransitionRule = exactTransition): Sampler =>
  fromCoefficients((process, t, u) => {
    const { r, v } = transition(process, t, u);
    return { a: 2 - r, b: v, c: Math.sqrt(v) };
  });

/** x′ = (2 − r) x + ½v s; the sign of ½v is +, also for VE. [Song 2021, app. D] */
export const reverseFlow = (transition: TransitionRule = exactTransition): Sampler =>
  fromCoefficients((process, t, u) => {
    const { r, v } = transition(process, t, u);
    return { a: 2 - r, b: 0.5 * v, c: 0 };
  });
