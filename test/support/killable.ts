/**
 * A short training on digits that goes on from its checkpoint, for tests that kill it: `killable.ts FOLDER MODE STEPS`.
 * It prints each step, and in the end writes all that it holds to FOLDER/end.safetensors.
 */
import './backend.js';
import { join } from 'node:path';
import { dispose, tensor } from '@tensorflow/tfjs-core';
import { saveArchive } from '../../data/archive.js';
import { batches } from '../../data/batches/batches.js';
import { loadMnist } from '../../data/mnist.js';
import { denoisingBatch, lossOf } from '../../lib/loss/batch.js';
import { mlp } from '../../lib/nn/mlp.js';
import { vp } from '../../lib/process/vp.js';
import { philox } from '../../lib/rng/rng.js';
import * as train from '../../lib/train/index.js';
import { compile } from '../../notebooks/backend/graph/compile.js';
import { openCheckpoint } from '../../notebooks/cell/checkpoint.js';

const [root = '', mode = '', count = ''] = process.argv.slice(2);
const event = [28, 28, 1];
const network = mlp({ event, width: 16, layers: 1, embedding: 8 }, philox(1));
const { parameters, apply } = network;
const trainer = train.trainer({
  parameters,
  loss: lossOf(apply),
  learningRate: train.cosineDecay(3e-3, 1000, 10),
  optimiser: train.chain(train.clip(), train.adam(), train.decayWeights(0.01)),
  averages: [train.exponentialAverage(), train.powerAverage(0.05), train.powerAverage(0.1)],
  ...(mode === 'compiled' && { wrap: compile }),
});

const checkpoint = openCheckpoint('run', { notebook: 'notebooks/n.ipynb', made: mode }, { root });
const found = checkpoint.load();
const rng = philox(found ? train.restore(found, parameters, trainer) : 3);
const from = found && { from: JSON.parse(found.metadata.batches!) };
const stream = batches(loadMnist('test'), { size: 16, seed: 2, flip: true, ...from });
const losses = Array.from((found?.tensors.get('losses')?.values as Float32Array | undefined) ?? []);

const held = () => {
  const metadata = { batches: JSON.stringify(stream.state()) };
  const { tensors, ...rest } = train.snapshot(parameters, trainer, rng.state(), metadata);
  const kept = train.float32(Float32Array.from(losses), [losses.length]);
  return { ...rest, tensors: new Map([...tensors, ['losses', kept]]) };
};

while (trainer.steps < Number(count)) {
  const x0 = tensor(stream.take().images.data, [16, ...event]);
  const batch = denoisingBatch({ process: vp() }, x0, rng);
  const loss = trainer.step(batch);
  losses.push(loss.dataSync()[0]!);
  dispose([x0, batch, loss]);
  if (trainer.steps % 3 === 0) checkpoint.save(held());
  console.log(trainer.steps);
}
saveArchive(join(root, 'end.safetensors'), held());
checkpoint.remove();
stream.close();
