import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { describeBackend } from '../../../notebooks/backend/report.js';
import { startBackend } from '../../../notebooks/backend/start.js';

test('an unknown backend is refused with the list of those there are', async () => {
  await assert.rejects(startBackend('cuda'), /BACKEND=cuda is not known; choose one of tensorflow, webgpu, wasm, cpu/);
});

test('the best backend computes, and the report says why no better one was taken', async () => {
  const report = await startBackend('');
  assert.equal(tf.getBackend(), report.backend);
  assert.equal(tf.sum(tf.square(tf.tensor1d([1, 2, 3]))).dataSync()[0], 14);
  const better = ['tensorflow', 'webgpu', 'wasm', 'cpu'].indexOf(report.backend);
  assert.equal(report.rejected.length, better);
  for (const { why } of report.rejected) assert.ok(why.length > 10 && !why.includes('\n'), why);
  const rows = describeBackend(report);
  assert.equal(rows.find(row => row.item === 'Backend')?.value, report.backend);
  assert.equal(rows.find(row => row.item === 'Node')?.value, process.version);
});

test('every backend can be forced where it starts at all; else the error carries its reason', async () => {
  for (const name of ['wasm', 'cpu'] as const) {
    assert.equal((await startBackend(name)).backend, name);
    assert.equal(tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync()[0], 3);
  }
  const webgpu = await startBackend('webgpu').catch((error: Error) => error.message);
  if (typeof webgpu === 'string') assert.match(webgpu, /^no backend started — webgpu: .{10,}/);
  else assert.equal(tf.getBackend(), 'webgpu');
});

test('an accelerator that is unknown is refused; one that cannot be used is named in the report', async () => {
  await assert.rejects(startBackend('', 'gpu'), /ACCELERATOR=gpu is not known; choose one of cuda13, /);
  assert.equal((await startBackend('cpu', 'none')).accelerator, undefined);
  const report = await startBackend('cpu', 'cpu');
  assert.equal(report.accelerator?.works, false);
  const row = describeBackend(report).find(({ value }) => value.includes('native TensorFlow backend alone'));
  assert.equal(row?.item, 'Not cpu');
});
