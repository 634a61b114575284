import { add, grad, mul, sub, sum, type Tensor, type Tensor1D, tidy } from '@tensorflow/tfjs-core';
import { sameShape } from '../errors.js';
import { shapedScore } from '../rows.js';
import type { Score } from '../types.js';

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

/**
 * s + w (s_y − s) from a conditional and an unconditional score: w = 0 ignores y, w = 1 is conditional, larger w moves
 * on along the implied classifier's gradient. [Ho & Salimans 2022, eq. 6 with weight w − 1]
 */
export const classifierFreeGuidance =
  (conditional: Score, unconditional: Score, w: number): Score =>
  (x, t) =>
    tidy(() => {
      const base = shapedScore(unconditional)(x, t);
      return add(base, mul(sub(shapedScore(conditional)(x, t), base), w));
    });

/** A score that knows classes: one label for each row. */
export type ClassScore = (x: Tensor, t: number | Tensor1D, labels: readonly number[]) => Tensor;

/** The score of one class for every row. */
export const ofClass =
  (score: ClassScore, label: number): Score =>
  (x, t) =>
    score(x, t, new Array<number>(x.shape[0]!).fill(label));
