import assert from 'node:assert/strict';
import { test } from 'node:test';
import { squaredDistance } from '../../../lib/math/squared-distance.js';

const x = { d: 2, values: Float32Array.of(0, 0, 3, 4) };
const y = { d: 2, values: [0, 0, 1, 1] };

test('between vectors by their places', () => {
  assert.equal(squaredDistance(x, 1, y, 0), 25);
  assert.equal(squaredDistance(x, 1, y, 1), 13);
  assert.equal(squaredDistance(x, 0, x, 0), 0);
});

test('above the limit it is only said to be above', () => {
  assert.equal(squaredDistance(x, 1, y, 0, 25), 25);
  assert.ok(squaredDistance(x, 1, y, 0, 4) > 4);
});
