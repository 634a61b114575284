import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { philox, type Rng } from '../../../../lib/rng/rng.js';
import { compile, deviceRng } from '../../../../notebooks/backend/graph/index.js';
import { skip } from './native.js';

const distance = (a: tf.Tensor, b: tf.Tensor): number => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;

test('the device draws the numbers of the host', { skip }, () => {
  const [device, host] = [deviceRng(7), philox(7)];
  for (const shape of [[], [1], [3], [4], [5, 7], [1000]]) {
    ok(distance(device.normal(shape), host.normal(shape)) < 1e-6);
    equal(distance(device.uniform(shape), host.uniform(shape)), 0);
    equal(distance(device.rademacher(shape), host.rademacher(shape)), 0);
  }
  deepEqual(device.state(), host.state());
  equal(distance(device.fold(3).uniform([9]), host.fold(3).uniform([9])), 0);
  deepEqual(device.integers(5, 100), host.integers(5, 100));
});

for (const xla of [true, false]) {
  test(`a compiled function goes on in the stream, ${xla ? 'with XLA' : 'as a plain graph'}`, { skip }, () => {
    const draw = (x: tf.Tensor, rng: Rng) => tf.stack([tf.add(x, rng.normal([101])), rng.uniform([101])]);
    const compiled = compile(draw, { xla });
    const [device, host] = [deviceRng(7), philox(7)];
    for (let i = 0; i < 5; i++) {
      ok(distance(compiled(tf.ones([101]), device), draw(tf.ones([101]), host)) < 2e-6, `call ${i}`);
      deepEqual(device.state(), host.state());
      // draws between calls are part of the stream too
      equal(distance(device.uniform([3]), host.uniform([3])), 0);
    }
    equal(compiled.specialisations()[0]?.mode, xla ? 'xla' : 'graph');
  });
}

test('counters beyond 32 bits carry', { skip }, () => {
  const state = { key: [1, 2], counter: [0xffffffff, 5, 0, 0] } as const;
  const compiled = compile((rng: Rng) => rng.uniform([16]), { xla: true });
  const [device, host] = [deviceRng(state), philox(state)];
  for (let i = 0; i < 4; i++) equal(distance(compiled(device), host.uniform([16])), 0);
});
