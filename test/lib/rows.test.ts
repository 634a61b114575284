import '../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor, tensor1d, zeros } from '@tensorflow/tfjs-core';
import { perRow, scaleRows } from '../../lib/rows.js';
import { take } from '../support/tensors.js';

test('scalars of rows take the rank of x, from the host or from a tensor', () => {
  for (const event of [[], [2], [2, 3], [2, 3, 1]]) {
    const x = zeros([4, ...event]);
    for (const values of [[1, 2, 3, 4], Float64Array.of(1, 2, 3, 4), tensor1d([1, 2, 3, 4])]) {
      const shaped = perRow(values, x);
      assert.deepEqual(shaped.shape, [4, ...event.map(() => 1)]);
      assert.deepEqual(take(shaped), [1, 2, 3, 4]);
    }
  }
});

test('each row is scaled by its own number, or all by one', () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(take(scaleRows(x, [2, -1])), [2, 4, -3, -4]);
  assert.deepEqual(take(scaleRows(x, 3)), [3, 6, 9, 12]);
  assert.throws(() => scaleRows(x, [1, 2, 3]), /the shape of the per-row scalars is \[3\]: \[2\] is expected/);
});
