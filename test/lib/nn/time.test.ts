import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor1d } from '@tensorflow/tfjs-core';
import { parameterScope } from '../../../lib/nn/scope.js';
import { fourier, sinusoidal } from '../../../lib/nn/time.js';
import { philox } from '../../../lib/rng/rng.js';
import { near, take } from '../../support/tensors.js';

test('sinusoidal features are sines and cosines from frequency 1 down to 1/10000', () => {
  const labels = [0, 3, 999];
  const frequencies = [1, 10_000 ** (-1 / 3), 10_000 ** (-2 / 3), 1e-4];
  const expected = labels.flatMap(t => [
    ...frequencies.map(f => Math.sin(f * t)),
    ...frequencies.map(f => Math.cos(f * t)),
  ]);
  near(take(sinusoidal(8)(tensor1d(labels))), expected, 1e-4);
  assert.throws(() => sinusoidal(7), /half the embedding dimension is 3\.5/);
});

test('Fourier features turn 2π w times, w from N(0, scale²) kept and not trained', () => {
  const { scope, parameters } = parameterScope(philox(1));
  const embed = fourier(scope, 2000, 4);
  const [kept] = [...parameters.values()];
  assert.equal(kept!.trainable, false);
  const frequencies = Array.from(kept!.dataSync());
  const sd = Math.sqrt(frequencies.reduce((sum, f) => sum + f * f, 0) / 1000);
  assert.ok(Math.abs(sd / 4 - 1) < 5 / Math.sqrt(2000));
  const t = 0.25;
  const angles = frequencies.map(f => 2 * Math.PI * f * t);
  const expected = [...angles.map(Math.sin), ...angles.map(Math.cos)];
  near(take(embed(tensor1d([t]))), expected, 1e-4);
});
