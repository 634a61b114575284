import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { denoisingBatch, lossOf } from '../../../../lib/loss/index.js';
import { dropout } from '../../../../lib/nn/index.js';
import { vp } from '../../../../lib/process/index.js';
import { philox, type Rng } from '../../../../lib/rng/rng.js';
import { trainer } from '../../../../lib/train/index.js';
import { compile, deviceRng } from '../../../../notebooks/backend/graph/index.js';
import { gap, moved } from '../../../support/networks.js';
import { compiledMode, skip } from './native.js';

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
    equal(compiled.specialisations()[0]?.mode, compiledMode(xla));
  });
}

test('counters beyond 32 bits carry', { skip }, () => {
  const state = { key: [1, 2], counter: [0xffffffff, 5, 0, 0] } as const;
  const compiled = compile((rng: Rng) => rng.uniform([16]), { xla: true });
  const [device, host] = [deviceRng(state), philox(state)];
  for (let i = 0; i < 4; i++) equal(distance(compiled(device), host.uniform([16])), 0);
});

test('dropout with a stream of its own compiles, and draws what it draws eagerly', { skip }, () => {
  const losses = (compiled: boolean) => {
    const network = moved('U-Net');
    const stream = deviceRng(7);
    const options = { dropout: dropout(0.3, stream) };
    const messages: string[] = [];
    const report = (message: string) => messages.push(message);
    const made: { specialisations(): { mode: string }[] }[] = [];
    const wrap = <A extends unknown[], R>(fn: (...args: A) => R) => {
      const fast = compile(fn, { report, xla: false });
      made.push(fast);
      return fast;
    };
    const learner = trainer({
      parameters: network.parameters,
      loss: lossOf((x, label) => network.apply(x, label, options)),
      learningRate: () => 1e-3,
      ...(compiled && { wrap }),
    });
    const rng = philox(3);
    const values = Array.from({ length: 6 }, () => {
      const x0 = rng.normal([2, 8, 8, 1]);
      const batch = denoisingBatch({ process: vp() }, x0, rng);
      const value = learner.step(batch);
      const read = value.dataSync()[0]!;
      tf.dispose([x0, batch, value]);
      return read;
    });
    deepEqual(messages, []);
    if (compiled)
      deepEqual(
        made[0]!.specialisations().map(s => s.mode),
        [compiledMode(false)],
      );
    learner.dispose();
    network.dispose();
    return { values, place: stream.state() };
  };
  const [eager, fast] = [losses(false), losses(true)];
  ok(gap(eager.values, fast.values) < 1e-5, `${eager.values}\n${fast.values}`);
  deepEqual(eager.place, fast.place);
});

test('a function that makes a new stream at each call runs as it is, and says so', { skip }, () => {
  const messages: string[] = [];
  let seed = 0;
  const noisy = compile((x: tf.Tensor) => tf.add(x, deviceRng(++seed).normal([2])), {
    report: message => messages.push(message),
    name: 'noisy',
  });
  for (let i = 0; i < 6; i++) {
    const before = seed;
    const out = noisy(tf.zeros([2])).dataSync();
    ok(seed > before && out.every(Number.isFinite));
  }
  equal(messages.length, 1);
  match(messages[0]!, /^noisy runs eagerly/);
  equal(noisy.specialisations()[0]?.mode, 'eager');
  noisy.dispose();
});
