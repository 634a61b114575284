import { add, fill, type Tensor, type Tensor1D, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { sameShape } from '../errors.js';
import { perTime, scaleRows } from '../rows.js';
import type { GaussianProcess, Score } from '../types.js';
import {
  type Combination,
  combine,
  type Label,
  type Prediction,
  predictNoise,
  scoreCoefficients,
} from './prediction.js';

/** A network seen from here: its output, shaped like x [B, ...event], for time labels [B]. */
export type Apply = (x: Tensor, label: Tensor1D) => Tensor;

const hostTimes = (t: Tensor1D): number[] => Array.from(t.dataSync());

/** state · x + output · y with the coefficients at t, one pair or one per row. */
const combination = (x: Tensor, y: Tensor, t: number | Tensor1D, at: (t: number) => Combination): Tensor => {
  const rows = (typeof t === 'number' ? [t] : hostTimes(t)).map(at);
  const column = (of: (c: Combination) => number) => (typeof t === 'number' ? of(rows[0]!) : rows.map(of));
  const scaled = scaleRows(
    y,
    column(c => c.output),
  );
  if (rows.every(c => c.state === 0)) return scaled;
  return add(
    scaleRows(
      x,
      column(c => c.state),
    ),
    scaled,
  );
};

/** What a network puts out for what it sees of x, at times t. */
export const outputAt = (apply: Apply, label: Label, seen: Tensor, t: number | Tensor1D): Tensor => {
  const labels = typeof t === 'number' ? fill([seen.shape[0] ?? 1], label(t)) : tensor1d(hostTimes(t).map(label));
  const out = apply(seen, labels as Tensor1D);
  sameShape('the output of the network', out.shape, seen.shape);
  return out;
};

/** The output of a network that was trained to this prediction, at times t. */
const output = (prediction: Prediction, network: Apply, x: Tensor, t: number | Tensor1D): Tensor =>
  outputAt(network, prediction.label, scaleRows(x, perTime(t, prediction.input)), t);

/**
 * The score that a network stands for. Coefficients are float64 on the host; a tensor of times is read back for them.
 * @param prediction what the network was trained to predict; the noise by default, so that s = −ε_θ/σ
 */
export const scoreFrom =
  (process: GaussianProcess, apply: Apply, prediction: Prediction = predictNoise()): Score =>
  (x, t) =>
    tidy(() => {
      const at = (time: number) => scoreCoefficients(process, prediction, time);
      return combination(x, output(prediction, apply, x, t), t, at);
    });

/**
 * The score seen as a prediction, `scoreFrom` backwards: what a perfect network of that kind would put out, as a function
 * of x_t and t; the prediction's own scale of the input and label play no part.
 * @param prediction what is wanted; the noise ε = −σ s by default
 */
export const toPrediction =
  (process: GaussianProcess, score: Score, prediction: Prediction = predictNoise()): Score =>
  (x, t) =>
    tidy(() => {
      const asNoise = predictNoise();
      const at = (time: number) => {
        const c = combine(process, asNoise, time, prediction.target(time));
        return { state: c.state, output: -c.output * process.sigma(time) }; // ε = −σ s
      };
      return combination(x, score(x, t), t, at);
    });

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
