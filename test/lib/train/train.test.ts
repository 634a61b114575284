import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clone, dispose, memory, type Tensor, tensor1d } from '@tensorflow/tfjs-core';
import { gaussian, sampleMixture } from '../../../lib/exact/index.js';
import { denoisingBatch, lossOf } from '../../../lib/loss/index.js';
import { mlp } from '../../../lib/nn/mlp.js';
import { vp } from '../../../lib/process/vp.js';
import { philox, type Rng } from '../../../lib/rng/rng.js';
import { type Report, readParameters, train, trainer, warmup } from '../../../lib/train/index.js';

const process = vp();
const model = gaussian([0.5, -0.5], 0.1);
const data = (n: number, rng: Rng) => sampleMixture(model, n, rng);
const fresh = () => mlp({ event: [2], width: 16, layers: 1, embedding: 8 }, philox(1));
const learningRate = warmup(2e-3, 20);

test('train takes the steps that a trainer takes, bit for bit, and says each loss', () => {
  const [network, twin] = [fresh(), fresh()];
  const losses: number[] = [];
  const onReport = (report: Report) => void losses.push(...report.losses);
  const run = train(network, data, philox(2), { process, steps: 40, batch: 32, every: 7, learningRate, onReport });
  const byHand = trainer({
    parameters: twin.parameters,
    loss: lossOf((x, label) => twin.apply(x, label)),
    learningRate,
  });
  const rng = philox(2);
  for (let i = 0; i < 40; i++) {
    const x0 = data(32, rng);
    const batch = denoisingBatch({ process }, x0, rng);
    const value = byHand.step(batch);
    assert.equal(losses[i], value.dataSync()[0]);
    dispose([x0, batch, value]);
  }
  assert.deepEqual(readParameters(network.parameters), readParameters(twin.parameters));
  assert.equal(run.steps, 40);
  const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
  assert.ok(mean(losses.slice(-10)) < 0.9 * mean(losses.slice(0, 5)), `${losses}`);
  for (const each of [network, twin, run, byHand]) each.dispose();
});

test('dropout is for the steps alone, at each block and part of a batch', () => {
  const network = fresh();
  let calls = 0;
  const dropout = (x: Tensor) => {
    calls++;
    return clone(x);
  };
  const run = train(network, data, philox(2), { process, steps: 3, parts: 2, batch: 4, dropout });
  assert.equal(calls, 6);
  dispose(network.apply(data(4, philox(3)), tensor1d([1, 2, 3, 4])));
  assert.equal(calls, 6);
  for (const each of [network, run]) each.dispose();
});

test('it keeps nothing of its steps, and refuses a run of none', () => {
  const network = fresh();
  const before = memory().numTensors;
  train(network, data, philox(2), { process, steps: 3, batch: 4 }).dispose();
  assert.equal(memory().numTensors, before);
  assert.throws(() => train(network, data, philox(2), { process, steps: 0 }), /steps is 0: give an integer from 1/);
  network.dispose();
});
