/** What is trained in the tests of several processes, by them and by the one process that they are compared with. */
import { createHash } from 'node:crypto';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { twoMoons } from '../../../../data/points.js';
import { denoisingBatch, lossOf } from '../../../../lib/loss/index.js';
import { mlp } from '../../../../lib/nn/index.js';
import { vp } from '../../../../lib/process/index.js';
import { philox, type Rng } from '../../../../lib/rng/index.js';
import { chain, type TrainerOptions, trainer } from '../../../../lib/train/index.js';
import { compile } from '../../../../notebooks/backend/graph/index.js';

/** Points of a whole batch. */
export const BATCH = 12;
export const RATE = 1e-2;
export const WIDTH = 16;
export const LAYERS = 2;

export interface Setting {
  /** Plain gradient descent instead of Adam and clipping. */
  readonly plain?: boolean;
  readonly compiled?: boolean;
  readonly width?: number;
}

type Reduce = Pick<TrainerOptions<never>, 'reduce'>;

export const make = (seed: number, { plain, compiled, width = WIDTH }: Setting, together: Reduce = {}) => {
  const network = mlp({ event: [2], width, layers: LAYERS, embedding: 8 }, philox(seed));
  const run = trainer({
    parameters: network.parameters,
    loss: lossOf(network.apply),
    learningRate: () => RATE,
    ...(plain && { optimiser: chain() }),
    ...(compiled && { wrap: compile }),
    ...together,
  });
  return { network, run };
};

/** The points of a batch that are this stream's part. */
export const draw = (rng: Rng) =>
  tidy(() => {
    const { data, shape } = twoMoons(BATCH / rng.shard.count, rng);
    return denoisingBatch({ process: vp() }, tensor2d(data, shape as [number, number]), rng);
  });

/** All that a run holds, in a few letters. */
export const digest = ({ run }: Pick<ReturnType<typeof make>, 'run'>): string => {
  const hash = createHash('sha256');
  for (const slot of Object.values(run.slots)) hash.update(slot.dataSync() as Float32Array);
  return hash.digest('hex').slice(0, 16);
};
