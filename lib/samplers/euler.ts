import { fullNoise, type NoiseLevel, noNoise, reverseCoefficients } from '../process/reverse.js';
import { fromCoefficients, type Sampler } from './plan.js';

/**
 * Euler–Maruyama on dx = [f x − ½(g² + h²) s] dt + h dw̄, backwards in time. Any h ≥ 0 keeps the marginals.
 * [Song 2021, eq. 6 for h = g, eq. 13 for h = 0]
 */
export const eulerMaruyama = (h: NoiseLevel = fullNoise): Sampler =>
  fromCoefficients((process, t, u) => {
    const dt = u - t;
    const { state, score, noise } = reverseCoefficients(process, t, h);
    return { a: 1 + state * dt, b: score * dt, c: noise * Math.sqrt(Math.abs(dt)) };
  });

/** Euler's method on the probability-flow ODE dx = [f x − ½g² s] dt. [Song 2021, eq. 13] */
export const euler = (): Sampler => eulerMaruyama(noNoise);
