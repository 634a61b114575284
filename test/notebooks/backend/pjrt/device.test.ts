import { deepEqual, equal, match, ok, throws } from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { nativeBackend } from '../../../../notebooks/backend/graph/binding.js';
import { setDevice } from '../../../../notebooks/backend/graph/device.js';
import { compile } from '../../../../notebooks/backend/graph/index.js';
import { type Addon, loadAddon } from '../../../../notebooks/backend/pjrt/addon.js';
import { programCache } from '../../../../notebooks/backend/pjrt/cache.js';
import { openMachine, pjrtDevice } from '../../../../notebooks/backend/pjrt/device.js';
import { findPlugin } from '../../../../notebooks/backend/pjrt/plugin.js';
import { folderOf } from '../../../support/files.js';

process.env.ACCELERATOR = 'cpu';
const { listener, skip } = await import('../graph/native.js');

/** A CPU device whose add-on counts its calls, with programs kept in a folder of its own. */
const counting = (folder = folderOf({}).folder) => {
  const addon = loadAddon();
  const counts = { upload: 0, read: 0, compile: 0, load: 0 };
  const counted = Object.create(addon) as Addon;
  for (const name of Object.keys(counts) as (keyof typeof counts)[])
    Object.defineProperty(counted, name, {
      value: (...args: unknown[]) => {
        counts[name]++;
        return (addon[name] as (...of: unknown[]) => unknown)(...args);
      },
    });
  const machine = openMachine({ addon: counted, plugin: findPlugin('cpu')!, options: [], cache: programCache(folder) });
  setDevice(nativeBackend()!, pjrtDevice(nativeBackend()!, machine));
  return { counts, folder, machine };
};

const value = (x: tf.Tensor): number => x.dataSync()[0]!;

test('variables stay on the device from step to step, and eager code reads and writes their true values', {
  skip,
}, () => {
  const { counts } = counting();
  const v = tf.variable(tf.scalar(1));
  const step = compile((x: tf.Tensor) => v.assign(tf.add(v, x)));
  const one = tf.scalar(1);
  for (let i = 0; i < 3; i++) step(one);
  const before = { ...counts };
  for (let i = 0; i < 5; i++) step(one);
  deepEqual(counts, before);
  equal(value(v), 9);
  equal(counts.read, before.read + 1);
  const copy = v.clone();
  step(one);
  deepEqual([value(v), value(copy), value(tf.mul(v, 2))], [10, 9, 20]);
  v.assign(tf.scalar(100));
  step(one);
  equal(value(v), 101);
  // a value that TensorFlow has fetched for an operation is on the device still
  const uploads = counts.upload;
  tf.neg(v).dispose();
  step(one);
  equal(counts.upload, uploads);
  equal(value(v), 102);
  setDevice(nativeBackend()!, undefined);
  equal(value(v), 102);
  step.dispose();
});

test('a step returns before the device is done, and waiting for its result leaves the event loop free', {
  skip,
}, async () => {
  counting();
  const power = compile((x: tf.Tensor2D) => {
    let y = tf.matMul(x, x);
    for (let i = 0; i < 20; i++) y = tf.div(tf.matMul(y, x), 256);
    return y;
  });
  const x = tf.ones([768, 768]) as tf.Tensor2D;
  for (let i = 0; i < 3; i++) power(x);
  let turns = 0;
  const turn = (): void => {
    turns++;
    timer = setImmediate(turn);
  };
  let timer = setImmediate(turn);
  const values = await power(x).data();
  clearImmediate(timer);
  ok(turns > 10, `${turns} turns of the event loop`);
  ok(Math.abs(values[0]! / (768 * 3 ** 20) - 1) < 1e-4, `${values[0]}`);
  power.dispose();
});

test('compiled programs are kept on disk, and a damaged one is compiled anew', { skip }, () => {
  const run = (folder?: string) => {
    const { counts, folder: used } = counting(folder);
    const f = compile((x: tf.Tensor) => tf.add(tf.sin(x), 1));
    for (let i = 0; i < 3; i++) f(tf.scalar(0));
    equal(value(f(tf.scalar(0))), 1);
    f.dispose();
    return { folder: used, compiled: counts.compile, loaded: counts.load };
  };
  const { folder, ...first } = run();
  deepEqual(first, { compiled: 1, loaded: 0 });
  deepEqual(run(folder), { folder, compiled: 0, loaded: 1 });
  const [name] = readdirSync(folder);
  const bytes = readFileSync(join(folder, name!));
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(join(folder, name!), bytes);
  deepEqual(run(folder), { folder, compiled: 1, loaded: 0 });
});

test('an operation without a rule names itself, and TensorFlow runs the program', { skip }, () => {
  counting();
  const { messages, report } = listener();
  const f = compile((x: tf.Tensor) => tf.asinh(x), { report, name: 'f', xla: false });
  for (let i = 0; i < 3; i++) ok(Math.abs(value(f(tf.scalar(1))) - Math.asinh(1)) < 1e-6);
  equal(messages.length, 1);
  match(messages[0]!, /^f runs on TensorFlow: Asinh has no form in StableHLO here/);
  equal(f.specialisations()[0]?.mode, 'graph');
  f.dispose();
});

test("the plugin's own words reach the caller", { skip }, () => {
  const { machine } = counting();
  throws(() => machine.compile('module @m { nonsense }'), /nonsense/);
  const buffer = machine.upload(Float32Array.of(1, 2), { shape: [2], dtype: 1 });
  machine.addon.release(buffer);
  throws(() => machine.addon.read(buffer, new Float32Array(2)), /released/);
});
