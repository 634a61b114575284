import { add, fill, mul, type Tensor, type Tensor1D, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { scaleRows } from '../broadcast.js';
import type { GaussianProcess, Score } from '../types.js';
import { type Combination, combine, type Label, type Prediction, predictNoise, type Target } from './prediction.js';

/** A network seen from here: its output, shaped like x [B, ...event], for time labels [B]. */
export type Apply = (x: Tensor, label: Tensor1D) => Tensor;

const hostTimes = (t: Tensor1D): number[] => Array.from(t.dataSync());

/** state · x + output · y with the coefficients at t, one pair or one a row. */
const combination = (x: Tensor, y: Tensor, t: number | Tensor1D, at: (t: number) => Combination): Tensor => {
  const rows = (typeof t === 'number' ? [t] : hostTimes(t)).map(at);
  const column = (of: (c: Combination) => number) => (typeof t === 'number' ? of(rows[0]!) : rows.map(of));
  const scaled = scaleRows(
    column(c => c.output),
    y,
  );
  return rows.every(c => c.state === 0)
    ? scaled
    : add(
        scaleRows(
          column(c => c.state),
          x,
        ),
        scaled,
      );
};

/** The output of a network that was trained to this prediction, at times t. */
const output = (prediction: Prediction, apply: Apply, x: Tensor, t: number | Tensor1D): Tensor => {
  if (typeof t === 'number') {
    const label = fill([x.shape[0] ?? 1], prediction.label(t)) as Tensor1D;
    return apply(mul(prediction.input(t), x), label);
  }
  const times = hostTimes(t);
  return apply(scaleRows(times.map(prediction.input), x), tensor1d(times.map(prediction.label)));
};

/**
 * What a network says of a mixture of x_0 and ε, as a function like a score. Coefficients are float64 on the host; a tensor of times is read back
 * for them.
 */
export const fieldFrom =
  (process: GaussianProcess, prediction: Prediction, apply: Apply, wanted: (t: number) => Target): Score =>
  (x, t) =>
    tidy(() => {
      const at = (time: number) => combine(process, prediction, time, wanted(time));
      return combination(x, output(prediction, apply, x, t), t, at);
    });

/**
 * The score that a network stands for.
 * @param prediction what the network was trained to predict
 */
export const scoreFrom = (process: GaussianProcess, prediction: Prediction, apply: Apply): Score =>
  fieldFrom(process, prediction, apply, t => ({ data: 0, noise: -1 / process.sigma(t) }));

/** The score −ε_θ(x, label(t))/σ(t) of a network that predicts the noise. */
export const fromEpsilon = (process: GaussianProcess, apply: Apply, label?: Label): Score =>
  scoreFrom(process, predictNoise(label), apply);

/**
 * The score seen as another prediction: what a perfect network of that kind would put out. The input scale and label
 * play no part.
 */
export const toPrediction =
  (process: GaussianProcess, prediction: Prediction, score: Score): Score =>
  (x, t) =>
    tidy(() => {
      const asNoise = predictNoise();
      const at = (time: number) => {
        const c = combine(process, asNoise, time, prediction.target(time));
        return { state: c.state, output: -c.output * process.sigma(time) }; // ε = −σ s
      };
      return combination(x, score(x, t), t, at);
    });

/** A field as the score it stands for: `toPrediction` backwards. */
export const fromPrediction =
  (process: GaussianProcess, prediction: Prediction, field: Score): Score =>
  (x, t) =>
    tidy(() => {
      const at = (time: number) => combine(process, prediction, time, { data: 0, noise: -1 / process.sigma(time) });
      return combination(x, field(x, t), t, at);
    });

/** ε = −σ s. */
export const toEpsilon = (process: GaussianProcess, score: Score): Score =>
  toPrediction(process, predictNoise(), score);

/** E[x_0 | x_t] = (x_t + σ² s)/α. [Tweedie; Efron 2011] */
export const denoised =
  (process: GaussianProcess, score: Score): Score =>
  (x, t) =>
    tidy(() => {
      const at = (time: number) => {
        const alpha = process.alpha(time);
        return { state: 1 / alpha, output: process.sigma(time) ** 2 / alpha };
      };
      return combination(x, score(x, t), t, at);
    });
