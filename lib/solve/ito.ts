import { add, mul, tidy } from '@tensorflow/tfjs-core';
import type { ItoProcess } from '../types.js';
import { freshNoise, type Noise, type Step } from './step.js';

/**
 * Euler–Maruyama for any Itô process, forwards or backwards in time: x + f Δt + G Δw with Δw ~ N(0, |Δt|). It takes
 * general drifts and matrix diffusions, where the linear samplers take a schedule. [Maruyama 1955]
 */
export const eulerMaruyamaIto =
  (process: ItoProcess, noise: Noise = freshNoise): Step =>
  (x, t, u, rng) =>
    tidy(() => {
      const dw = mul(noise(x, t, u, 1, rng)[0]!, Math.sqrt(Math.abs(u - t)));
      return add(add(x, mul(process.drift(x, t), u - t)), process.diffuse(x, t, dw));
    });
