import { equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { denoisingBatch, lossOf } from '../../../../lib/loss/index.js';
import { mlp } from '../../../../lib/nn/index.js';
import { vp } from '../../../../lib/process/index.js';
import { philox } from '../../../../lib/rng/rng.js';
import { trainer } from '../../../../lib/train/index.js';
import { nativeBackend } from '../../../../notebooks/backend/graph/binding.js';
import { compile } from '../../../../notebooks/backend/graph/index.js';
import { skip } from './native.js';

const handles = (): number => (nativeBackend()!.binding as unknown as { getNumOfTensors(): number }).getNumOfTensors();

test('1500 compiled training steps keep no tensor, no handle and no growing memory', { skip }, async () => {
  const network = mlp({ event: [2], width: 64, layers: 2, embedding: 16 }, philox(1));
  const learner = trainer({
    parameters: network.parameters,
    loss: lossOf((x, label) => network.apply(x, label)),
    learningRate: () => 1e-3,
    wrap: fn => compile(fn),
  });
  const rng = philox(2);
  const batch = denoisingBatch({ process: vp() }, rng.normal([256, 2]), rng);
  const steps = async (n: number) => {
    for (let i = 0; i < n; i++) learner.step(batch).dispose();
    learner.check(); // which reads the losses that were kept until now
    // a device's handles, 200 bytes each, end with a turn of the event loop
    for (let i = 0; i < 3; i++) await new Promise(setImmediate);
  };
  await steps(500);
  const before = { tensors: tf.memory().numTensors, handles: handles(), bytes: process.memoryUsage().rss };
  await steps(1000);
  equal(tf.memory().numTensors, before.tensors);
  equal(handles(), before.handles);
  const growth = process.memoryUsage().rss - before.bytes;
  // one vector of parameters is 0.15 MB: a single one kept at each step would be 150 MB
  ok(growth < 30e6, `${growth / 1e6} MB`);
  equal(learner.steps, 1500);
});
