import { add, fill, mul, type Tensor, type Tensor1D, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { scaleRows } from '../broadcast.js';
import type { GaussianProcess, Score } from '../types.js';
import { type Label, type Prediction, predictNoise, scoreCoefficients } from './prediction.js';

/** A network seen from here: its output, shaped like x [B, ...event], for time labels [B]. */
export type Apply = (x: Tensor, label: Tensor1D) => Tensor;

/**
 * The score that a network stands for. Coefficients are float64 on the host; a tensor of times is read back for them.
 * @param prediction what the network was trained to predict
 */
export const scoreFrom =
  (process: GaussianProcess, prediction: Prediction, apply: Apply): Score =>
  (x, t) =>
    tidy(() => {
      if (typeof t === 'number') {
        const { state, output } = scoreCoefficients(process, prediction, t);
        const label = fill([x.shape[0] ?? 1], prediction.label(t)) as Tensor1D;
        const F = mul(output, apply(mul(prediction.input(t), x), label));
        return state === 0 ? F : add(mul(state, x), F);
      }
      const times = Array.from(t.dataSync());
      const rows = times.map(time => scoreCoefficients(process, prediction, time));
      const input = scaleRows(times.map(prediction.input), x);
      const F = apply(input, tensor1d(Float32Array.from(times, prediction.label)));
      return add(
        scaleRows(
          rows.map(r => r.state),
          x,
        ),
        scaleRows(
          rows.map(r => r.output),
          F,
        ),
      );
    });

/** The score −ε_θ(x, label(t))/σ(t) of a network that predicts the noise. */
export const fromEpsilon = (process: GaussianProcess, apply: Apply, label?: Label): Score =>
  scoreFrom(process, predictNoise(label), apply);

/** ε_θ = −σ(t) s, the noise that a score predicts. */
export const toEpsilon =
  (process: GaussianProcess, score: Score): Score =>
  (x, t) =>
    tidy(() => {
      const sigma =
        typeof t === 'number' ? -process.sigma(t) : Array.from(t.dataSync(), s => -process.sigma(s));
      return scaleRows(sigma, score(x, t));
    });
