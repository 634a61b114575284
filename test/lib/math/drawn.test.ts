import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawn } from '../../../lib/math/drawn.js';

test('each index has its share of [0, 1), and what has no chance is never drawn', () => {
  const chances = [0, 0.25, 0, 0.5, 0.25, 0];
  const counts = chances.map(() => 0);
  for (let i = 0; i < 1000; i++) counts[drawn(chances, i / 1000)]!++;
  assert.deepEqual(counts, [0, 250, 0, 500, 250, 0]);
});

test('a sum that rounding keeps below 1 ends with the last index', () => {
  assert.equal(drawn(Float64Array.of(0.5, 0.5 - 2 ** -50), 1 - 2 ** -52), 1);
});
