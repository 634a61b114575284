import { add, div, grad, moments, mul, sqrt, sub, sum, type Tensor, type Tensor1D, tidy } from '@tensorflow/tfjs-core';
import { reject, sameShape, within } from '../errors.js';
import { varsigma } from '../process/gaussian.js';
import { flattenRows, perTime, scaleRows, shapedScore } from '../rows.js';
import type { GaussianProcess, Score } from '../types.js';

/** log p(y | x_t) of each row for the wanted y, [B]; differentiable in x. */
export type LogCondition = (x: Tensor, t: number | Tensor1D) => Tensor1D;

/**
 * The score of p_t(x | y) by Bayes: s + w ∇log p(y | x_t). w = 1 is exact where the classifier is; larger w sharpens.
 * [Song 2021, eq. 14; Dhariwal & Nichol 2021]
 */
export const classifierGuidance =
  (score: Score, logCondition: LogCondition, w = 1): Score =>
  (x, t) =>
    tidy(() => {
      const logs = (y: Tensor): Tensor => {
        const values = logCondition(y, t);
        sameShape('log p(y | x_t)', values.shape, [x.shape[0]!]);
        return sum(values);
      };
      return add(score(x, t), mul(grad(logs)(x), w));
    });

/** One weight for all times, or one for each. */
export type GuidanceWeight = number | ((t: number) => number);

/** w where ς lies in [low, high), and 1, no guidance, elsewhere. [Kynkäänniemi 2024, eq. 4] */
export const betweenScales =
  (process: GaussianProcess, low: number, high: number, w: number): GuidanceWeight =>
  t => {
    const scale = varsigma(process, t);
    return scale >= low && scale < high ? w : 1;
  };

/** The standard deviation of each row's entries: [B]. */
const rowDeviation = (x: Tensor): Tensor => sqrt(moments(flattenRows(x), 1).variance);

/** What classifier-free guidance takes beside its weight. */
export interface FreeGuidanceOptions {
  /** φ in [0, 1]: how far each row's standard deviation goes back to that of the conditional score. [Lin 2023, eq. 16] */
  readonly rescale?: number;
}

/**
 * s + w (s_y − s) from a conditional and an unconditional score: w = 0 ignores y, w = 1 is conditional, larger w moves
 * on along the implied classifier's gradient. With a worse model of the same kind, less trained or smaller, in place of
 * the unconditional one it is autoguidance. [Ho & Salimans 2022, eq. 6 with weight w − 1; Karras 2024, eq. 3]
 */
export const classifierFreeGuidance = (
  conditional: Score,
  unconditional: Score,
  w: GuidanceWeight,
  { rescale = 0 }: FreeGuidanceOptions = {},
): Score => {
  within('rescale', rescale, 0, 1);
  const [better, worse] = [shapedScore(conditional), shapedScore(unconditional)];
  return (x, t) =>
    tidy(() => {
      const [base, aim] = [worse(x, t), better(x, t)];
      const guided = add(base, scaleRows(sub(aim, base), typeof w === 'number' ? w : perTime(t, w)));
      if (rescale === 0) return guided;
      if (x.size === x.shape[0]) reject('rescale', rescale, 'an event of one number has no standard deviation; give 0');
      const ratio = div(rowDeviation(aim), rowDeviation(guided));
      return scaleRows(guided, add(mul(ratio, rescale), 1 - rescale));
    });
};

/** A score that knows classes: one label for each row. */
export type ClassScore = (x: Tensor, t: number | Tensor1D, labels: readonly number[]) => Tensor;

/** The score of one class for every row. */
export const ofClass =
  (score: ClassScore, label: number): Score =>
  (x, t) =>
    score(x, t, new Array<number>(x.shape[0]!).fill(label));
