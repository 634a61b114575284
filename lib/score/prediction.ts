import { positive, reject } from '../errors.js';
import { varsigma } from '../process/gaussian.js';
import type { GaussianProcess } from '../types.js';

/**
 * What a network predicts, as functions of time on the host. For x_t = α x_0 + σ ε the network sees input(t) · x_t and
 * label(t), and its target is target(t).data · x_0 + target(t).noise · ε. Everything else (score, losses, conversions
 * between predictions) follows from this record, so a new prediction target is one record.
 */
export interface Prediction {
  /** The factor on x_t at the entrance of the network. */
  input(t: number): number;
  /** The time as the network sees it. */
  label(t: number): number;
  /** What its output stands for. */
  target(t: number): Target;
}

/** data · x_0 + noise · ε. */
export interface Target {
  readonly data: number;
  readonly noise: number;
}

/** The time as the network sees it. */
export type Label = (t: number) => number;

/** 999 t, the step of a thousand, for sinusoidal embeddings. [Song 2021, VP and sub-VP] */
export const stepLabel: Label = t => 999 * t;

/** log σ(t), for random Fourier features. [Song 2021, VE] */
export const logSigmaLabel =
  (process: GaussianProcess): Label =>
  t =>
    Math.log(process.sigma(t));

const same: Label = t => t;

const plain = (target: (t: number) => Target, label: Label): Prediction => ({ input: () => 1, label, target });

/** The network predicts ε. [Ho 2020, eq. 14] */
export const predictNoise = (label = same): Prediction => plain(() => ({ data: 0, noise: 1 }), label);

/** The network predicts x_0. */
export const predictData = (label = same): Prediction => plain(() => ({ data: 1, noise: 0 }), label);

/** The network predicts the score, whose conditional value is −ε/σ. [Song 2021, eq. 7] */
export const predictScore = (process: GaussianProcess, label = same): Prediction =>
  plain(t => ({ data: 0, noise: -1 / process.sigma(t) }), label);

/** The network predicts v = α ε − σ x_0. [Salimans & Ho 2022, app. D] */
export const predictVelocity = (process: GaussianProcess, label = same): Prediction =>
  plain(t => ({ data: -process.sigma(t), noise: process.alpha(t) }), label);

/** The network predicts the velocity of the flow, α′ x_0 + σ′ ε with α′ = f α and σ′ = f σ + g²/(2σ). [Lipman 2022, eq. 14] */
export const predictFlow = (process: GaussianProcess, label = same): Prediction =>
  plain(t => {
    const sigma = process.sigma(t);
    const f = process.f(t);
    return { data: f * process.alpha(t), noise: f * sigma + process.g(t) ** 2 / (2 * sigma) };
  }, label);

/**
 * EDM's preconditioning: for x/α = x_0 + ς ε the denoiser is c_skip x/α + c_out F(c_in x/α, ¼ ln ς), and F's target has
 * variance 1 for data of variance σ_d². [Karras 2022, eq. 7 and table 1]
 */
export const precondition = (
  process: GaussianProcess,
  sigmaData = 0.5,
  label: Label = t => Math.log(varsigma(process, t)) / 4,
): Prediction => {
  positive('sigmaData', sigmaData);
  const norm = (t: number) => Math.hypot(varsigma(process, t), sigmaData);
  return {
    input: t => 1 / (process.alpha(t) * norm(t)),
    label,
    // (x_0 − c_skip (x_0 + ς ε))/c_out, with the common factors cancelled.
    target: t => ({ data: varsigma(process, t) / (sigmaData * norm(t)), noise: -sigmaData / norm(t) }),
  };
};

/** Coefficients of the state x_t and of the network's output F. */
export interface Combination {
  readonly state: number;
  readonly output: number;
}

/**
 * Any mixture of x_0 and ε, as the network predicts it: a combination of x_t and F, found from the two lines
 * x_t = α x_0 + σ ε and F = data · x_0 + noise · ε. Holds for the expectations given x_t, since they are linear.
 * @throws RangeError where the lines do not determine it, as the score at σ = 0
 */
export const combine = (process: GaussianProcess, prediction: Prediction, t: number, wanted: Target): Combination => {
  const { data, noise } = prediction.target(t);
  const alpha = process.alpha(t);
  const sigma = process.sigma(t);
  const determinant = alpha * noise - sigma * data;
  const state = (wanted.data * noise - wanted.noise * data) / determinant;
  const output = (wanted.noise * alpha - wanted.data * sigma) / determinant;
  if (Number.isFinite(state) && Number.isFinite(output)) return { state, output };
  return reject('t', t, `sigma is ${sigma} and alpha ${alpha} there, which leaves no score; stay between`);
};

/** The score −ε/σ as a combination of x_t and F. */
export const scoreCoefficients = (process: GaussianProcess, prediction: Prediction, t: number): Combination =>
  combine(process, prediction, t, { data: 0, noise: -1 / process.sigma(t) });
