import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { softmax, tensor2d } from '@tensorflow/tfjs-core';
import { confidentShare, verdicts } from '../../../lib/metrics/index.js';
import { philox } from '../../../lib/rng/rng.js';

test('confidence is the largest softmax, and its class the place of it', () => {
  const values = philox(1)
    .normals(200 * 5)
    .map(z => 4 * z);
  const logits = tensor2d(Float32Array.from(values), [200, 5]);
  const rows = softmax(logits).arraySync() as number[][];
  for (const [i, { label, confidence }] of verdicts(logits).entries()) {
    assert.ok(Math.abs(confidence - Math.max(...rows[i]!)) < 1e-6);
    assert.equal(label, rows[i]!.indexOf(Math.max(...rows[i]!)));
  }
  const sure = rows.map(row => Math.max(...row) >= 0.8);
  assert.equal(confidentShare(logits, { level: 0.8 }), sure.filter(Boolean).length / 200);
  const classes = rows.map((_, i) => i % 5);
  const asked = sure.filter((is, i) => is && rows[i]!.indexOf(Math.max(...rows[i]!)) === classes[i]);
  assert.equal(confidentShare(logits, { level: 0.8, classes }), asked.length / 200);
});

test('logits far from 0 overflow nothing, and equal ones give 1/classes', () => {
  const found = verdicts({ n: 2, d: 3, values: [1000, 0, -1000, 5, 5, 5] });
  assert.deepEqual(found, [
    { label: 0, confidence: 1 },
    { label: 0, confidence: 1 / 3 },
  ]);
  const one = { n: 1, d: 2, values: [0, 0] };
  assert.throws(() => confidentShare(one, { level: 90 }), /level is 90/);
  assert.throws(() => confidentShare(one, { classes: [0, 1] }), /number of classes is 2/);
});
