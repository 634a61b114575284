import {
  add,
  mean,
  mul,
  type Scalar,
  square,
  sub,
  type Tensor,
  type Tensor1D,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core';
import { finite, sameShape } from '../errors.js';
import { perRow } from '../rows.js';
import { type Prediction, scoreCoefficients } from '../score/prediction.js';
import type { Apply } from '../score/score.js';
import type { GaussianProcess } from '../types.js';
import type { TimeDistribution } from './times.js';
import type { Weighting } from './weighting.js';

/** What a batch's times become on the host: one number per row, computed in float64. `LossRows<Tensor1D>` is its upload. */
export type LossRows<V = Float32Array> = {
  readonly alpha: V;
  readonly sigma: V;
  readonly input: V;
  readonly label: V;
  readonly data: V;
  readonly noise: V;
  readonly weight: V;
};

/**
 * The coefficients of a denoising loss at these times. The weight is λ times the square of the factor that takes an
 * error of the output to one of the score, divided by the density of the distribution that the times were drawn from.
 */
export const denoisingRows = (
  process: GaussianProcess,
  prediction: Prediction,
  weighting: Weighting,
  times: ArrayLike<number>,
  { density }: Pick<TimeDistribution, 'density'> = { density: () => 1 },
): LossRows => {
  const row = (of: (t: number) => number) => Float32Array.from(times, t => finite(`a loss's row at t = ${t}`, of(t)));
  return {
    alpha: row(process.alpha),
    sigma: row(process.sigma),
    input: row(prediction.input),
    label: row(prediction.label),
    data: row(t => prediction.target(t).data),
    noise: row(t => prediction.target(t).noise),
    weight: row(t => (weighting(process, t) * scoreCoefficients(process, prediction, t).output ** 2) / density(t)),
  };
};

/** Uploads the rows; the caller disposes of the seven vectors. */
export const uploadRows = (rows: LossRows): LossRows<Tensor1D> => ({
  alpha: tensor1d(rows.alpha),
  sigma: tensor1d(rows.sigma),
  input: tensor1d(rows.input),
  label: tensor1d(rows.label),
  data: tensor1d(rows.data),
  noise: tensor1d(rows.noise),
  weight: tensor1d(rows.weight),
});

/**
 * λ(t) (s_θ(x_t, t) − ∇log p(x_t | x_0))² for each number of an event, written for what the network predicts: [B, ...event].
 * @param x0 [B, ...event]
 * @param epsilon the noise, shaped like x0
 */
export const denoisingErrors = (apply: Apply, x0: Tensor, epsilon: Tensor, rows: LossRows<Tensor1D>): Tensor => {
  sameShape('the noise', epsilon.shape, x0.shape);
  return tidy(() => {
    const at = (v: Tensor1D) => perRow(v, x0); // [B, 1, …]
    const x = add(mul(at(rows.alpha), x0), mul(at(rows.sigma), epsilon)); // [B, ...event]
    const target = add(mul(at(rows.data), x0), mul(at(rows.noise), epsilon)); // [B, ...event]
    const output = apply(mul(at(rows.input), x), rows.label);
    sameShape('the output of the network', output.shape, x0.shape);
    const error = sub(output, target);
    return mul(at(rows.weight), square(error));
  });
};

/**
 * Denoising score matching, the mean of `denoisingErrors` over rows and event dimensions. All arguments are tensors: the
 * function can be traced. [Song 2021, eq. 7]
 */
export const denoisingLoss = (apply: Apply, x0: Tensor, epsilon: Tensor, rows: LossRows<Tensor1D>): Scalar =>
  tidy(() => mean(denoisingErrors(apply, x0, epsilon, rows)) as Scalar);
