import type { GaussianProcess } from '../types.js';
import { fromRule, type Method } from './plan.js';

/** The noise h(t) of a reverse-time process that shares the marginals p_t. */
export type NoiseLevel = (process: GaussianProcess, t: number) => number;

/** h = g: Anderson's reverse SDE. */
export const fullNoise: NoiseLevel = (process, t) => process.g(t);

/** h = 0: the probability-flow ODE. */
export const noNoise: NoiseLevel = () => 0;

/**
 * Euler–Maruyama on dx = [f x − ½(g² + h²) s] dt + h dw̄, backwards in time. Any h ≥ 0 keeps the marginals.
 * [Song 2021, eq. 6 for h = g, eq. 13 for h = 0]
 */
export const eulerMaruyama = (h: NoiseLevel = fullNoise): Method =>
  fromRule((process, t, u) => {
    const dt = u - t;
    const noise = h(process, t);
    return {
      a: 1 + process.f(t) * dt,
      b: -0.5 * (process.g(t) ** 2 + noise ** 2) * dt,
      c: noise * Math.sqrt(Math.abs(dt)),
    };
  });

/** Euler's method on the probability-flow ODE dx = [f x − ½g² s] dt. [Song 2021, eq. 13] */
export const euler = (): Method => eulerMaruyama(noNoise);
