import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageSet } from '../../data/image-set.js';
import { split } from '../../data/split.js';

const set = imageSet(
  {
    pixels: Uint8Array.from({ length: 100 }, (_, i) => i),
    shape: [1, 1, 1],
    labels: Uint8Array.from({ length: 100 }, (_, i) => i % 4),
    classes: ['a', 'b', 'c', 'd'],
  },
  'x',
);

test('the parts hold every image once, with its label, in the order of the set', () => {
  const { train, test } = split(set, { test: 0.25, seed: 1 });
  assert.deepEqual(
    [train.images.shape, test.images.shape],
    [
      [75, 1, 1, 1],
      [25, 1, 1, 1],
    ],
  );
  const pixels = [...train.images.data, ...test.images.data];
  assert.equal(new Set(pixels).size, 100);
  assert.deepEqual(
    [...train.labels.data, ...test.labels.data],
    pixels.map(pixel => pixel % 4),
  );
  for (const { images, classes } of [train, test]) {
    assert.deepEqual(
      [...images.data],
      [...images.data].sort((a, b) => a - b),
    );
    assert.deepEqual(classes, set.classes);
  }
});

test('the same seed gives the same parts, another one others', () => {
  const testsOf = (seed: number) => [...split(set, { test: 0.25, seed }).test.images.data];
  assert.deepEqual(testsOf(1), testsOf(1));
  assert.notDeepEqual(testsOf(1), testsOf(2));
});

test('all or nothing may be kept, more is refused', () => {
  assert.equal(split(set, { test: 0, seed: 1 }).train.images.shape[0], 100);
  assert.equal(split(set, { test: 1, seed: 1 }).train.images.shape[0], 0);
  assert.throws(() => split(set, { test: 10, seed: 1 }), /test is 10: it has to lie in \[0, 1\]/);
});
