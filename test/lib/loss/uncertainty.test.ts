import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { denoisingBatch, lossOf, uncertainLossOf } from '../../../lib/loss/index.js';
import { vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';

const rng = philox(1);
const batch = denoisingBatch({ process: vp() }, rng.normal([6, 4]), rng);
const apply = (x: tf.Tensor) => tf.mul(x, 0.3);

test('with u = 0 it is the denoising loss, and a constant u scales and shifts it', () => {
  const plain = lossOf(apply)(batch).dataSync()[0]!;
  const at = (u: number) =>
    uncertainLossOf(apply, label => tf.fill([label.size], u) as tf.Tensor1D)(batch).dataSync()[0]!;
  assert.ok(Math.abs(at(0) - plain) < 1e-6);
  assert.ok(Math.abs(at(0.7) - (Math.exp(-0.7) * plain + 0.7)) < 1e-6);
});

test('the best u is the logarithm of each row’s loss', () => {
  const slopes = (u: tf.Tensor1D) =>
    tf
      .grad(v => uncertainLossOf(apply, () => v as tf.Tensor1D)(batch))(u)
      .dataSync();
  const rows = Array.from({ length: 6 }, (_, i) => {
    const one = (v: tf.Tensor) => tf.slice(v, i, 1);
    const each = Object.entries(batch.rows).map(([name, v]) => [name, one(v)]);
    return lossOf(apply)({
      x0: one(batch.x0),
      epsilon: one(batch.epsilon),
      rows: Object.fromEntries(each),
    }).dataSync()[0]!;
  });
  const best = tf.tensor1d(rows.map(Math.log));
  assert.ok(Math.max(...slopes(best).map(Math.abs)) < 1e-6);
  assert.ok(Math.min(...slopes(tf.add(best, 0.1)).map(Math.abs)) > 1e-3);
});
