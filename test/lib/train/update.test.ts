import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scalar, tensor1d, zeros } from '@tensorflow/tfjs-core';
import { exponentialAverage, powerAverage } from '../../../lib/train/average.js';
import { cosineDecay, inverseRootDecay, warmup } from '../../../lib/train/schedule.js';
import { adam, chain, clip, type Vectors } from '../../../lib/train/transform.js';
import { stepNumbers, updateVectors, vectorNames } from '../../../lib/train/update.js';
import { near } from '../../support/tensors.js';

test('parameters go against the update, and every average follows what they are after it', () => {
  const update = { optimiser: chain(clip(2), adam()), averages: [exponentialAverage(0.3), powerAverage(0.1, 'long')] };
  assert.deepEqual(vectorNames(update), { zeros: ['adam.m', 'adam.v'], copies: ['parameters', 'average', 'long'] });
  // ½Σ k x², k = 1, 10, 100: the gradient is k x.
  const k = [1, 10, 100];
  let x = [1, -2, 0.5];
  const [m, v, averages] = [
    [0, 0, 0],
    [0, 0, 0],
    [[...x], [...x]],
  ];
  let vectors: Vectors = {
    parameters: tensor1d(x),
    average: tensor1d(x),
    long: tensor1d(x),
    'adam.m': zeros([3]),
    'adam.v': zeros([3]),
  };
  for (let n = 0; n < 20; n++) {
    const gradient = x.map((value, i) => k[i]! * value);
    const shortened = gradient.map(g => g * Math.min(1, 2 / Math.hypot(...gradient)));
    x = x.map((value, i) => {
      m[i] = 0.9 * m[i]! + 0.1 * shortened[i]!;
      v[i] = 0.999 * v[i]! + 0.001 * shortened[i]! ** 2;
      const [mHat, vHat] = [m[i]! / (1 - 0.9 ** (n + 1)), v[i]! / (1 - 0.999 ** (n + 1))];
      return value - (0.1 * mHat) / (Math.sqrt(vHat) + 1e-8);
    });
    const decays = [Math.min(0.3, (n + 2) / (n + 11)), update.averages[1]!.decay(n + 1)];
    averages.forEach((average, j) => {
      x.forEach((value, i) => {
        average[i] = decays[j]! * average[i]! + (1 - decays[j]!) * value;
      });
    });
    const host = stepNumbers(update, n, 0.1);
    vectors = updateVectors(update, vectors, tensor1d(gradient), {
      rate: scalar(host.rate),
      optimiser: Object.fromEntries(Object.entries(host.optimiser).map(([name, value]) => [name, scalar(value)])),
      decays: host.decays.map(value => scalar(value)),
    });
    near(vectors.parameters!.dataSync(), x, 2e-5);
    near(vectors.average!.dataSync(), averages[0]!, 2e-5);
    near(vectors.long!.dataSync(), averages[1]!, 2e-5);
  }
});

test('learning rates rise over the warm-up, then stay or fall to 0', () => {
  assert.deepEqual([0, 1, 3, 4, 9].map(warmup(1, 4)), [0.25, 0.5, 1, 1, 1]);
  const rate = cosineDecay(2, 11, 1);
  near([0, 1, 6, 11, 20].map(rate), [2, 2, 1, 0, 0], 1e-12);
  const fall = inverseRootDecay(2, 4, 2);
  assert.deepEqual([0, 1, 4, 16, 64].map(fall), [1, 2, 2, 1, 0.5]);
  assert.throws(() => warmup(1, 0), /warmupSteps is 0/);
  assert.throws(() => cosineDecay(1, 5, 5), /total is 5/);
});
