import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseImages, imageSet } from '../../data/image-set.js';

const parts = {
  pixels: Uint8Array.from({ length: 18 }, (_, i) => 10 * i),
  shape: [1, 2, 3],
  labels: [1, 0, 1],
  classes: ['cat', 'dog'],
} as const;

test('pixels are seen by image, row, column and channel', () => {
  const { images, labels } = imageSet(parts, 'x');
  assert.deepEqual(images.shape, [3, 1, 2, 3]);
  assert.equal(images.get(2, 0, 1, 0), 150);
  assert.equal(labels.get(1), 0);
});

test('pixels too few or many, and a label without a class, are refused', () => {
  assert.throws(
    () => imageSet({ ...parts, labels: [1, 0] }, 'x'),
    /^Error: x: 18 bytes of pixels found, 2×1×2×3 expected$/,
  );
  for (const label of [2, -1, 0.5]) {
    assert.throws(
      () => imageSet({ ...parts, labels: [1, 0, label] }, 'x'),
      new RegExp(`^Error: x: label ${label} of image 2 found, 0 to 1 expected$`),
    );
  }
});

test('chosen images keep pixels and labels, and share nothing with the set', () => {
  const set = imageSet({ ...parts, pixels: parts.pixels.slice() }, 'x');
  const chosen = chooseImages(set, [2, 0]);
  set.images.data.fill(0);
  assert.deepEqual([...chosen.images.data], [120, 130, 140, 150, 160, 170, 0, 10, 20, 30, 40, 50]);
  assert.deepEqual([...chosen.labels.data], [1, 1]);
  assert.throws(() => chooseImages(set, [3]), /image 3 does not exist: there are 3/);
});
