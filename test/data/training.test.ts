import '../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dispose, tensor } from '@tensorflow/tfjs-core';
import { type BatchOptions, type BatchState, batches } from '../../data/batches/batches.js';
import { loadMnist } from '../../data/mnist.js';
import { denoisingBatch, lossOf } from '../../lib/loss/index.js';
import { mlp } from '../../lib/nn/mlp.js';
import { vp } from '../../lib/process/vp.js';
import { philox } from '../../lib/rng/rng.js';
import { trainer, warmup } from '../../lib/train/index.js';

const STEPS = 20;
const STOP = 11;
const event = [28, 28, 1];

/** The losses of a training on digits; `reopen` makes the options with which the batches are opened anew on the way. */
function losses(reopen?: (state: BatchState) => Partial<BatchOptions>): number[] {
  const network = mlp({ event, width: 16, layers: 1, embedding: 8 }, philox(1));
  const { parameters } = network;
  const run = trainer({ parameters, loss: lossOf((x, t) => network.apply(x, t)), learningRate: warmup(2e-3, 20) });
  const set = loadMnist('test');
  const options = { size: 16, seed: 2, flip: true };
  const rng = philox(3);
  let stream = batches(set, options);
  const values = Array.from({ length: STEPS }, (_, step) => {
    if (step === STOP && reopen !== undefined) {
      stream.close();
      stream = batches(set, { ...options, ...reopen(stream.state()) });
    }
    const x0 = tensor(stream.take().images.data, [16, ...event]);
    const batch = denoisingBatch({ process: vp() }, x0, rng);
    const value = run.step(batch);
    const loss = value.dataSync()[0]!;
    dispose([x0, batch, value]);
    return loss;
  });
  for (const each of [network, run]) each.dispose();
  stream.close();
  return values;
}

test('a training that goes on from the state of its batches has the losses of one that never stopped', () => {
  const whole = losses();
  assert.deepEqual(
    losses(from => ({ from })),
    whole,
  );
  const anew = losses(() => ({})); // the images from the beginning: seen in the losses from there on
  assert.deepEqual(anew.slice(0, STOP), whole.slice(0, STOP));
  for (let step = STOP; step < STEPS; step++) assert.notEqual(anew[step], whole[step]);
});
