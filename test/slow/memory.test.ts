import '../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { memory, tensor } from '@tensorflow/tfjs-core';
import { batches } from '../../data/batches/batches.js';
import { loadMnist } from '../../data/mnist.js';
import { denoisingBatch, lossOf } from '../../lib/loss/batch.js';
import { mlp } from '../../lib/nn/mlp.js';
import { vp } from '../../lib/process/vp.js';
import { philox } from '../../lib/rng/rng.js';
import { trainer, training, warmup } from '../../lib/train/index.js';
import { compile } from '../../notebooks/backend/graph/compile.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Tensors, and what the process holds in MB after garbage collection. */
const held = () => {
  collect();
  const { rss, heapUsed } = process.memoryUsage();
  return { tensors: memory().numTensors, rss: rss / 2 ** 20, heap: heapUsed / 2 ** 20 };
};

for (const mode of ['eager', 'compiled'] as const) {
  test(`memory stays where it is over 5,000 steps with streamed data, ${mode}`, () => {
    const event = [28, 28, 1];
    const { parameters, apply } = mlp({ event, width: 16, layers: 1, embedding: 8 }, philox(1));
    const learningRate = warmup(1e-3, 100);
    const wrap = mode === 'compiled' ? { wrap: compile } : {};
    const run = trainer({ parameters, loss: lossOf(apply), learningRate, ...wrap });
    const stream = batches(loadMnist('test'), { size: 16, seed: 2, flip: true });
    const rng = philox(3);
    const draw = () => {
      const x0 = tensor(stream.take().images.data, [16, ...event]);
      const batch = denoisingBatch({ process: vp() }, x0, rng);
      x0.dispose();
      return batch;
    };
    const marks: ReturnType<typeof held>[] = [];
    for (const { step } of training({ trainer: run, learningRate }, draw, { steps: 5000, every: 500 })) {
      if (step >= 1000) marks.push(held());
    }
    stream.close();
    run.dispose();
    const [first, last] = [marks[0]!, marks.at(-1)!];
    assert.equal(new Set(marks.map(({ tensors }) => tensors)).size, 1, JSON.stringify(marks));
    assert.ok(last.heap - first.heap < 4, JSON.stringify(marks));
    // One kept tensor of the smallest size a step would be 4000 · 64 bytes of numbers, and far more with its record.
    assert.ok(last.rss - first.rss < 24, JSON.stringify(marks));
    console.log(`${mode}: ${first.rss.toFixed(0)} → ${last.rss.toFixed(0)} MB`);
  });
}
