import { memory } from '@tensorflow/tfjs-core';
import { denoisingBatch, lossOf } from '../../../lib/loss/index.js';
import { mlp } from '../../../lib/nn/index.js';
import { vp } from '../../../lib/process/index.js';
import { trainer } from '../../../lib/train/index.js';
import { compile, deviceRng } from '../../../notebooks/backend/graph/index.js';

const megabytes = (): number => process.memoryUsage().rss / 1e6;

/** Takes 10,000 compiled steps of a small network and says what grew between the 2,000th and the last. */
export const flatMemory = (): string => {
  const rng = deviceRng(1);
  const network = mlp({ event: [2], width: 64, layers: 3, embedding: 32 }, rng.fold(1));
  const learner = trainer({
    parameters: network.parameters,
    loss: lossOf((x, label) => network.apply(x, label)),
    learningRate: () => 1e-3,
    wrap: fn => compile(fn),
  });
  const batch = denoisingBatch({ process: vp() }, rng.normal([256, 2]), rng);
  const take = (steps: number) => {
    for (let i = 0; i < steps; i++) learner.step(batch).dispose();
  };
  take(2000);
  const before = { tensors: memory().numTensors, megabytes: megabytes() };
  const start = performance.now();
  take(8000);
  const each = (performance.now() - start) / 8000;
  const tensors = memory().numTensors - before.tensors;
  const grown = (megabytes() - before.megabytes).toFixed(1);
  return `10,000 compiled steps of an MLP (256×2, ${each.toFixed(2)} ms each): ${tensors} tensors and ${grown} MB more at the end than after 2,000.`;
};
