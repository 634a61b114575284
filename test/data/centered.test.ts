import assert from 'node:assert/strict';
import { test } from 'node:test';
import ndarray from 'ndarray';
import { toCentered } from '../../data/centered.js';

const bytes = Uint8Array.from({ length: 48 }, (_, i) => 5 * i);

test('images come centred and in the order asked for, with their channels', () => {
  const batch = toCentered(ndarray(bytes, [4, 2, 2, 3]), [3, 1, 3]);
  assert.deepEqual(batch.shape, [3, 2, 2, 3]);
  assert.deepEqual(
    Array.from(batch.data, v => Math.round((v + 1) * 127.5)),
    [...bytes.slice(36, 48), ...bytes.slice(12, 24), ...bytes.slice(36, 48)],
  );
});

test('an image that is not there is refused', () => {
  for (const row of [4, -1, Number.NaN]) {
    assert.throws(
      () => toCentered(ndarray(bytes, [4, 2, 2, 3]), [row]),
      new RegExp(`image ${row} does not exist: there are 4`),
    );
  }
});
