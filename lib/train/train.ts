import { dispose, type Tensor } from '@tensorflow/tfjs-core';
import { integer } from '../errors.js';
import { type DenoisingBatch, denoisingBatch, lossOf, type Objective } from '../loss/batch.js';
import type { Network } from '../nn/network.js';
import type { Rng } from '../rng/rng.js';
import { warmup } from './schedule.js';
import { type Trainer, type TrainerOptions, trainer } from './trainer.js';

/** What a training run takes beside the network and the data. */
export interface TrainOptions
  extends Objective,
    Partial<Pick<TrainerOptions<DenoisingBatch>, 'learningRate' | 'optimiser' | 'averages' | 'wrap'>> {
  readonly steps: number;
  /** Rows of a batch; 128 unless given. */
  readonly batch?: number;
  /** Sees the number of every step and its loss, which is read from the device only if it is asked for. */
  readonly onStep?: (step: number, loss: () => number) => void;
}

/**
 * Trains a network by denoising score matching in one call, by default with Adam and an average of the parameters. `trainer` does
 * the same with every step in the caller's hands.
 * @param data x_0 for a batch of n rows, [n, ...event]; the batch is disposed of here
 * @returns the trainer, the caller's: `withAverage` runs with the averaged parameters
 */
export const train = (
  network: Network<unknown>,
  data: (n: number, rng: Rng) => Tensor,
  rng: Rng,
  options: TrainOptions,
): Trainer<DenoisingBatch> => {
  const { steps, batch = 128, learningRate = warmup(2e-4), optimiser, averages, wrap, onStep, ...objective } = options;
  integer('steps', steps, 1);
  const loss = lossOf((x, label) => network.apply(x, label));
  const { parameters } = network;
  const run = trainer({
    parameters,
    loss,
    learningRate,
    ...(optimiser && { optimiser }),
    ...(averages && { averages }),
    ...(wrap && { wrap }),
  });
  while (run.steps < steps) {
    const x0 = data(batch, rng);
    const drawn = denoisingBatch(objective, x0, rng);
    const value = run.step(drawn);
    onStep?.(run.steps, () => value.dataSync()[0]!);
    dispose([x0, drawn, value]);
  }
  run.check();
  return run;
};
