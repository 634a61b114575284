import { clone, type Scalar, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { earliestTime } from '../process/inverse.js';
import type { Rng } from '../rng/rng.js';
import { type Prediction, predictNoise } from '../score/prediction.js';
import type { Apply } from '../score/score.js';
import type { GaussianProcess } from '../types.js';
import type { Coupling } from './coupling.js';
import { denoisingLoss, denoisingRows, type LossRows, uploadRows } from './denoising.js';
import { stratifiedTimes, type TimeDistribution, uniformDistribution } from './times.js';
import { varianceWeighting, type Weighting } from './weighting.js';

/** All that one evaluation of a denoising loss reads, as tensors; `dispose` of TensorFlow.js takes it whole. */
export type DenoisingBatch = { readonly x0: Tensor; readonly epsilon: Tensor; readonly rows: LossRows<Tensor1D> };

/** How a score is learnt; all but the process have the values of Song 2021: ε-prediction, λ = σ², t uniform on [ε, T]. */
export interface Objective {
  readonly process: GaussianProcess;
  readonly prediction?: Prediction;
  readonly weighting?: Weighting;
  readonly distribution?: TimeDistribution;
  /**
   * Which noise goes with which data; without, noise is independent. A network trained to `predictFlow` with coupled noise
   * has the flow, and no score: only samplers without noise are right for it.
   */
  readonly coupling?: Coupling;
  /** How times are drawn: stratified by default. */
  readonly draw?: (distribution: TimeDistribution, batch: number, rng: Rng) => Float64Array;
}

/**
 * A batch for these data: a time and a noise for each row. The caller disposes of the batch, and of x0, of which the
 * batch has its own handle.
 * @param x0 [B, ...event]
 */
export const denoisingBatch = (objective: Objective, x0: Tensor, rng: Rng): DenoisingBatch => {
  const { process, prediction = predictNoise(), weighting = varianceWeighting } = objective;
  const { distribution = uniformDistribution(earliestTime(process), process.T), draw = stratifiedTimes } = objective;
  const times = draw(distribution, x0.shape[0] ?? 1, rng);
  const rows = uploadRows(denoisingRows(process, prediction, weighting, times, distribution));
  const noise = rng.normal(x0.shape);
  if (!objective.coupling) return { x0: clone(x0), epsilon: noise, rows };
  const epsilon = objective.coupling(x0, noise, rng);
  noise.dispose();
  return { x0: clone(x0), epsilon, rows };
};

/** The loss of a network as a function of a batch, as a trainer takes it. */
export const lossOf =
  (apply: Apply) =>
  ({ x0, epsilon, rows }: DenoisingBatch): Scalar =>
    denoisingLoss(apply, x0, epsilon, rows);
