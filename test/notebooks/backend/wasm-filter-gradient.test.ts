import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { startBackend } from '../../../notebooks/backend/start.js';

const filterGradient = (size: number, kernel: number, stride: number, pad: 'same' | 'valid'): Float32Array =>
  tf.tidy(() => {
    const x = tf.reshape(tf.sin(tf.range(0, 2 * size * size * 3)), [2, size, size, 3]) as tf.Tensor4D;
    const w = tf.reshape(tf.cos(tf.range(0, kernel * kernel * 3 * 4)), [kernel, kernel, 3, 4]) as tf.Tensor4D;
    const loss = (filter: tf.Tensor): tf.Scalar => {
      const y = tf.conv2d(x, filter as tf.Tensor4D, stride, pad);
      return tf.sum(tf.mul(y, tf.square(y)));
    };
    return tf.grad(loss)(w).dataSync() as Float32Array;
  });

test('the gradient added to WebAssembly equals the plain JavaScript one for any size, kernel, stride and padding', async () => {
  const cases = fc.sample(
    fc.tuple(
      fc.integer({ min: 3, max: 8 }),
      fc.constantFrom(1, 2, 3),
      fc.constantFrom(1, 2),
      fc.constantFrom<'same' | 'valid'>('same', 'valid'),
    ),
    { numRuns: 12, seed: 1 },
  );
  await startBackend('wasm');
  const found = cases.map(parameters => filterGradient(...parameters));
  await startBackend('cpu');
  for (const [i, parameters] of cases.entries()) {
    const expected = filterGradient(...parameters);
    const scale = Math.max(...expected.map(Math.abs));
    expected.forEach((value, j) => {
      assert.ok(Math.abs(value - found[i]![j]!) <= 1e-5 * scale, `${parameters}: ${found[i]![j]} for ${value}`);
    });
  }
});
