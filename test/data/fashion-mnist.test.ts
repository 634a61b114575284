import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { loadFashionMnist } from '../../data/fashion-mnist.js';
import { serve } from './fetch/server.js';

const DEBIAN = '/usr/share/datasets/fashion-mnist';
const HOME = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/t10k-labels-idx1-ubyte.gz';

/** False where the set is here, or its home answers. */
const unreachable = async (): Promise<string | false> => {
  if (existsSync(DEBIAN)) return false;
  try {
    const { ok } = await fetch(HOME, { method: 'HEAD', signal: AbortSignal.timeout(10_000) });
    if (ok) return false;
  } catch {
    // No network, or one without this address.
  }
  return 'neither is Debian’s dataset-fashion-mnist installed, nor can the home of the set be reached';
};
const skip = await unreachable();

test('the training set has the size, classes, mean and deviation that are known of it', { skip }, async () => {
  const { images, labels, classes } = await loadFashionMnist('train');
  assert.deepEqual(images.shape, [60_000, 28, 28, 1]);
  const counts = new Array(10).fill(0);
  for (const label of labels.data) counts[label]++;
  assert.deepEqual(counts, new Array(10).fill(6000));
  assert.equal(classes[labels.get(0)], 'ankle boot');
  let [sum, squares] = [0, 0];
  for (const value of images.data) {
    sum += value / 255;
    squares += (value / 255) ** 2;
  }
  const mean = sum / images.data.length;
  assert.ok(Math.abs(mean - 0.286) < 5e-5, `mean ${mean}`); // as printed everywhere, to four digits
  assert.ok(Math.abs(Math.sqrt(squares / images.data.length - mean ** 2) - 0.353) < 5e-5);
});

const noDebian = !existsSync(DEBIAN) && 'Debian’s dataset-fashion-mnist is not installed';
test('packed and unpacked files give the same, damaged ones are refused', { skip: noDebian }, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'fashion-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [images, labels] = ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'] as const;
  writeFileSync(join(folder, images), gunzipSync(readFileSync(join(DEBIAN, `${images}.gz`))));
  const packed = join(folder, `${labels}.gz`);
  copyFileSync(join(DEBIAN, `${labels}.gz`), packed);
  const both = [await loadFashionMnist('test', { folder }), await loadFashionMnist('test', { folder: DEBIAN })];
  assert.ok(Buffer.from(both[0]!.images.data).equals(both[1]!.images.data));
  const bytes = readFileSync(packed);
  writeFileSync(packed, bytes.subarray(0, 2000));
  await assert.rejects(
    loadFashionMnist('test', { folder }),
    /t10k-labels-idx1-ubyte\.gz: cannot be read \(Z_BUF_ERROR\)/,
  );
});

test('what its home does not have is named with the file and the way out', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'fashion-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const server = await serve(t, (_, response) => void response.writeHead(404).end());
  const home = server.url.replace('/file.bin', '');
  await assert.rejects(
    loadFashionMnist('test', { folder, home }),
    /t10k-images-idx3-ubyte\.gz: status 404 found, 200 expected, or put the file there by hand/,
  );
});
