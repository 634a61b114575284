import { add, mul, type Tensor, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { scaleRows, shapedScore } from '../rows.js';
import type { GaussianProcess, ItoProcess, Score } from '../types.js';

/** The noise h(t) of a process that shares the marginals p_t with the forward one. */
export type NoiseLevel = (process: GaussianProcess, t: number) => number;

/** h = g: Anderson's reverse SDE. */
export const fullNoise: NoiseLevel = (process, t) => process.g(t);

/** h = 0: the probability-flow ODE. */
export const noNoise: NoiseLevel = () => 0;

/** dx = [state · x + score · s] dt + noise · dw̄ at one time. */
export interface ReverseCoefficients {
  readonly state: number;
  readonly score: number;
  readonly noise: number;
}

/**
 * The family that shares the marginals p_t when run from T to 0: dx = [f x − ½(g² + h²) s] dt + h dw̄. h = g is
 * Anderson's reverse SDE, h = 0 the probability-flow ODE, and any h ≥ 0 works, also above g. [Song 2021, eq. 6, 13; app. H]
 */
export const reverseCoefficients = (
  process: GaussianProcess,
  t: number,
  h: NoiseLevel = fullNoise,
): ReverseCoefficients => {
  const noise = h(process, t);
  return { state: process.f(t), score: -0.5 * (process.g(t) ** 2 + noise ** 2), noise };
};

/** A drift whose rows may stand at times of their own: x [B, ...event], one time for all rows or one per row. */
export type RowDrift = (x: Tensor, t: number | readonly number[]) => Tensor;

/** The drift f x − ½(g² + h²) s of the reverse family, coefficients in float64. */
export const reverseDrift = (process: GaussianProcess, score: Score, h: NoiseLevel = fullNoise): RowDrift => {
  const shaped = shapedScore(score);
  const at = (time: number) => reverseCoefficients(process, time, h);
  return (x, t) => {
    if (typeof t === 'number') {
      const now = at(t);
      return add(mul(x, now.state), mul(shaped(x, t), now.score));
    }
    const rows = t.map(at);
    const s = shaped(x, tensor1d(Float32Array.from(t)));
    return add(
      scaleRows(
        x,
        rows.map(row => row.state),
      ),
      scaleRows(
        s,
        rows.map(row => row.score),
      ),
    );
  };
};

/** The reverse family as an Itô process, to be run from T to 0. [Song 2021, eq. 6, 13; app. H] */
export const reverse = (process: GaussianProcess, score: Score, h: NoiseLevel = fullNoise): ItoProcess => {
  const drift = reverseDrift(process, score, h);
  return { T: process.T, drift: (x, t) => tidy(() => drift(x, t)), diffuse: (_, t, dw) => mul(h(process, t), dw) };
};

/** The family that shares the marginals when run from 0 to T: dx = [f x − ½(g² − h²) s] dt + h dw. */
export const forwardFamily = (process: GaussianProcess, score: Score, h: NoiseLevel): ItoProcess => ({
  T: process.T,
  drift: (x, t) =>
    tidy(() => add(mul(process.f(t), x), mul((h(process, t) ** 2 - process.g(t) ** 2) / 2, score(x, t)))),
  diffuse: (_, t, dw) => mul(h(process, t), dw),
});
