import { add, type Tensor, type Tensor1D, tidy } from '@tensorflow/tfjs-core';
import type { Interpolant } from '../process/interpolant.js';
import type { Transport } from '../process/transport.js';
import { perTime, scaleRows } from '../rows.js';
import type { Score } from '../types.js';
import type { Label } from './prediction.js';
import { type Apply, outputAt } from './score.js';

/**
 * The transport that networks stand for, one trained to the ends, E[α′x_0 + σ′x_1 | x_t], and, where the path has latent
 * noise, one trained to that, E[z | x_t]: s = −E[z | x_t]/γ and b = E[α′x_0 + σ′x_1 | x_t] − γγ′ s. That holds for ends of any
 * law, coupled or not. [Albergo 2023, thm. 7 and 8]
 */
export const transportFrom = (path: Interpolant, ends: Apply, latent?: Apply, label: Label = t => t): Transport => {
  const at =
    (apply: Apply): Score =>
    (x, t) =>
      outputAt(apply, label, x, t);
  const toEnds = at(ends);
  if (!latent) return { T: path.T, velocity: (x, t) => tidy(() => toEnds(x, t)) };
  const toLatent = at(latent);
  const scaled = (x: Tensor, t: number | Tensor1D, by: (t: number) => number): Tensor =>
    scaleRows(toLatent(x, t), perTime(t, by));
  return {
    T: path.T,
    velocity: (x, t) =>
      tidy(() =>
        add(
          toEnds(x, t),
          scaled(x, t, time => path.gammaGrowth(time) / path.gamma(time)),
        ),
      ),
    score: (x, t) => tidy(() => scaled(x, t, time => -1 / path.gamma(time))),
  };
};
