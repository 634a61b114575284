import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillSlot } from '../../../data/batches/fill.js';
import { scaleOf } from '../../../data/scale.js';

test('images come in the order of the draw, scaled, and mirrored where it says so', () => {
  const source = {
    pixels: Uint8Array.from({ length: 3 * 12 }, (_, i) => i),
    shape: [2, 3, 2],
    labels: Uint16Array.of(7, 8, 300),
  } as const;
  const to = { images: new Float32Array(36), labels: new Uint16Array(3) };
  fillSlot(source, { rows: Uint32Array.of(2, 0, 2), mirrored: Uint8Array.of(0, 1, 1) }, scaleOf([0, 255]), to);
  assert.deepEqual([...to.labels], [300, 7, 300]);
  assert.deepEqual(
    [...to.images],
    [
      ...[24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35],
      ...[4, 5, 2, 3, 0, 1, 10, 11, 8, 9, 6, 7],
      ...[28, 29, 26, 27, 24, 25, 34, 35, 32, 33, 30, 31],
    ],
  );
});
