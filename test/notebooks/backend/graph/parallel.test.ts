import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { philox } from '../../../../lib/rng/rng.js';
import { compile, parallel } from '../../../../notebooks/backend/graph/index.js';
import { gap } from '../../../support/networks.js';
import { skip } from './native.js';

const x = philox(1).normal([5, 3]);
const w = tf.variable(philox(2).normal([1, 3]));
const counts: number[] = [];

/**
 * Rows [B, 3] and [B] to [B, 3], noting the batch of each call. Only products: a matrix product of one row may round
 * otherwise than that row of a larger one.
 */
const rowwise = (y: tf.Tensor, s: tf.Tensor1D): tf.Tensor => {
  counts.push(y.shape[0]!);
  return tf.mul(tf.mul(tf.square(y), w), tf.reshape(s, [-1, 1]));
};

const seen = (run: () => tf.Tensor): number[] => {
  counts.length = 0;
  run().dispose();
  return counts;
};

const exactly = (a: tf.Tensor, b: tf.Tensor) => deepEqual(Array.from(a.dataSync()), Array.from(b.dataSync()));

test('a function of rows is cut into parts inside a compiled function, and there alone', { skip }, () => {
  const s = tf.linspace(1, 2, 5);
  const cut = parallel(rowwise, 3);
  deepEqual(
    seen(() => cut(x, s)),
    [5],
  );
  const compiled = compile(cut, { xla: false });
  deepEqual(
    seen(() => compiled(x, s)),
    [1, 2, 2],
  );
  deepEqual(
    seen(() => compile((y: tf.Tensor, t: tf.Tensor1D) => parallel(rowwise, 9)(y, t))(x, s)),
    [1, 1, 1, 1, 1],
  );
  for (let i = 0; i < 3; i++) exactly(compiled(x, s), rowwise(x, s));
  equal(compiled.specialisations()[0]?.mode, 'graph');
  compiled.dispose();
});

test('its gradients, those of the variables too, are those of the whole', { skip }, () => {
  const s = tf.linspace(1, 2, 5);
  const loss = (fn: typeof rowwise) => (y: tf.Tensor, t: tf.Tensor1D) => {
    const { value, grads } = tf.variableGrads(() => tf.sum(tf.square(fn(y, t))) as tf.Scalar, [w]);
    return { value, dw: grads[w.name]!, dy: tf.grad((z: tf.Tensor) => tf.sum(tf.square(fn(z, t))))(y) };
  };
  const whole = loss(rowwise)(x, s);
  const compiled = compile(loss(parallel(rowwise, 2)), { xla: false });
  for (let i = 0; i < 3; i++) {
    const parts = compiled(x, s);
    for (const key of ['value', 'dw', 'dy'] as const) {
      const difference = gap(whole[key].dataSync(), parts[key].dataSync());
      ok(difference < 1e-6, `${key}: ${difference}`);
    }
  }
  compiled.dispose();
});

test('tensors in records are cut too, and everything else is passed on', { skip }, () => {
  const scaled = (y: tf.Tensor, { s, power }: { s: tf.Tensor1D; power: number }) => tf.mul(rowwise(y, s), power);
  const s = tf.linspace(1, 2, 5);
  const compiled = compile(parallel(scaled, 2), { xla: false });
  for (let i = 0; i < 3; i++) exactly(compiled(x, { s, power: 3 }), scaled(x, { s, power: 3 }));
  compiled.dispose();
});

test('arguments whose rows differ in number are refused by name', { skip }, () => {
  const compiled = compile((y: tf.Tensor, t: tf.Tensor1D) => parallel(rowwise, 2)(y, t));
  throws(() => compiled(x, tf.linspace(1, 2, 4)), /shape \[4\].* 5 rows/);
});
