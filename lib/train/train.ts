import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import { type DenoisingBatch, denoisingBatch, lossOf, type Objective } from '../loss/batch.js';
import type { Network, NetworkOptions } from '../nn/network.js';
import type { Rng } from '../rng/rng.js';
import { rowsOf } from '../rng/shard.js';
import { warmup } from './schedule.js';
import { type Trainer, type TrainerOptions, trainer } from './trainer.js';
import { type Course, type Report, training } from './training.js';

/** What a training run takes beside the network and the data. */
export interface TrainOptions
  extends Objective,
    Pick<Course, 'steps' | 'every' | 'parts' | 'signal'>,
    Partial<Pick<TrainerOptions<DenoisingBatch>, 'learningRate' | 'optimiser' | 'averages' | 'wrap' | 'reduce'>> {
  /** Rows of a batch, those of all shards where the random stream gives one of them; 128 unless given. */
  readonly batch?: number;
  /** Dropout while training, such as `dropout(0.1, rng.fold(1))`, with a stream of its own. */
  readonly dropout?: NetworkOptions['dropout'];
  /** Sees every report of the run. */
  readonly onReport?: (report: Report) => void;
}

/**
 * Trains a network by denoising score matching in one call, by default with Adam and an average of the parameters.
 * `trainer` and `training` do the same with every step, or every report, in the caller's hands.
 * @param data x_0 for a batch of n rows, [n, ...event]; the batch is disposed of here
 * @returns the trainer, the caller's: `withAverage` runs with the averaged parameters
 */
export const train = (
  network: Network<unknown>,
  data: (n: number, rng: Rng) => Tensor,
  rng: Rng,
  options: TrainOptions,
): Trainer<DenoisingBatch> => {
  const { steps, every, parts = 1, signal, batch = 128, onReport, ...rest } = options;
  const { dropout, learningRate = warmup(2e-4), optimiser, averages, wrap, reduce, ...objective } = rest;
  const run = trainer({
    parameters: network.parameters,
    loss: lossOf((x, label) => network.apply(x, label, dropout ? { dropout } : {})),
    learningRate,
    ...(optimiser && { optimiser }),
    ...(averages && { averages }),
    ...(wrap && { wrap }),
    ...(reduce && { reduce }),
  });
  const rows = rowsOf(rng.shard, batch);
  const course = { steps, parts, rows: parts * batch, ...(every && { every }), ...(signal && { signal }) };
  const draw = () => tidy(() => denoisingBatch(objective, data(rows, rng), rng));
  for (const report of training({ trainer: run, learningRate }, draw, course)) onReport?.(report);
  return run;
};
