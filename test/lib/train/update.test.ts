import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scalar, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { cosineDecay, warmup } from '../../../lib/train/schedule.js';
import { adamDefaults, adamUpdate, clipNorm, type Moving, stepScalars } from '../../../lib/train/update.js';
import { near, take } from '../../support/tensors.js';

test('steps of Adam are those of algorithm 1 in float64, and the average follows (1 + n)/(10 + n)', () => {
  const config = { ...adamDefaults, clip: Number.POSITIVE_INFINITY, epsilon: 0.05, decay: 0.3 };
  const rate = 0.1;
  // ½Σ k x², k = 1, 10, 100: the gradient is k x.
  const k = [1, 10, 100];
  const x = [1, -2, 0.5];
  const [m, v, average] = [[0, 0, 0], [0, 0, 0], [...x]];
  let state: Moving = { parameters: tensor1d(x), m: tensor1d(m), v: tensor1d(v), average: tensor1d(average) };
  for (let n = 0; n < 20; n++) {
    const gradient = x.map((value, i) => k[i]! * value);
    gradient.forEach((g, i) => {
      m[i] = 0.9 * m[i]! + 0.1 * g;
      v[i] = 0.999 * v[i]! + 0.001 * g * g;
      const [mHat, vHat] = [m[i]! / (1 - 0.9 ** (n + 1)), v[i]! / (1 - 0.999 ** (n + 1))];
      x[i] = x[i]! - (rate * mHat) / (Math.sqrt(vHat) + config.epsilon);
      const decay = Math.min(0.3, (n + 2) / (n + 11)); // n counts from 0: after the first step 2/11
      average[i] = decay * average[i]! + (1 - decay) * x[i]!;
    });
    const host = stepScalars(config, n, rate);
    const scalars = { rate: scalar(host.rate), epsilon: scalar(host.epsilon), decay: scalar(host.decay) };
    state = tidy(() => adamUpdate(config, state, tensor1d(gradient), scalars));
    near(state.parameters.dataSync(), x);
    near(state.average.dataSync(), average);
  }
});

test('the gradient is shortened to the norm, and left alone below it', () => {
  near(take(clipNorm(tensor1d([3, 4]), 1)), [0.6, 0.8]);
  near(take(clipNorm(tensor1d([0.3, 0.4]), 1)), [0.3, 0.4]);
  near(take(clipNorm(tensor1d([0, 0]), 1)), [0, 0]);
  near(take(clipNorm(tensor1d([3, 4]), Number.POSITIVE_INFINITY)), [3, 4]);
});

test('learning rates rise over the warm-up, then stay or fall to 0', () => {
  assert.deepEqual([0, 1, 3, 4, 9].map(warmup(1, 4)), [0.25, 0.5, 1, 1, 1]);
  const rate = cosineDecay(2, 11, 1);
  near([0, 1, 6, 11, 20].map(rate), [2, 2, 1, 0, 0], 1e-12);
  assert.throws(() => warmup(1, 0), /warmupSteps is 0/);
  assert.throws(() => cosineDecay(1, 5, 5), /total is 5/);
});
