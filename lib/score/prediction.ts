import type { GaussianProcess } from '../types.js';

/**
 * What a network predicts, as functions of time on the host. For x_t = α x_0 + σ ε the network sees input(t) · x_t and
 * label(t), and its target is target(t).data · x_0 + target(t).noise · ε. Everything else (score, losses, conversions
 * between predictions) follows from this record, so a new prediction target is one record.
 */
export interface Prediction {
  input(t: number): number;
  label(t: number): number;
  target(t: number): { readonly data: number; readonly noise: number };
}

/** The time as the network is told it: 999 t for the embeddings of DDPM, log σ for VE in Song 2021. */
export type Label = (t: number) => number;

const same: Label = t => t;

/** The network predicts ε. [Ho 2020, eq. 14] */
export const predictNoise = (label = same): Prediction => ({
  input: () => 1,
  label,
  target: () => ({ data: 0, noise: 1 }),
});

/**
 * The score as a combination of x_t and the network's output F: s = scoreOfState · x_t + scoreOfOutput · F, which is
 * −ε/σ with ε solved from the two lines x_t = α x_0 + σ ε and F = data · x_0 + noise · ε.
 */
export const scoreCoefficients = (process: GaussianProcess, prediction: Prediction, t: number) => {
  const { data, noise } = prediction.target(t);
  const alpha = process.alpha(t);
  const sigma = process.sigma(t);
  const determinant = alpha * noise - sigma * data;
  return { state: data / (sigma * determinant), output: -alpha / (sigma * determinant) };
};
