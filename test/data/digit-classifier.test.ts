import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadArchive, saveArchive } from '../../data/archive.js';
import { toCentered } from '../../data/centered.js';
import { DIGIT_CLASSIFIER, examine, loadDigitClassifier } from '../../data/digit-classifier.js';
import { loadMnist } from '../../data/mnist.js';
import { frechetDistance, verdicts } from '../../lib/metrics/index.js';
import { parameterCount } from '../../lib/nn/network.js';
import { backend } from '../support/backend.js';

const { images, labels } = loadMnist('test');
const digits = (from: number, count: number) =>
  toCentered(
    images,
    Array.from({ length: count }, (_, i) => from + i),
  );

test('the committed classifier names the test digits as rightly as its file states, 99 % and more', () => {
  const network = loadDigitClassifier();
  const stated = Number(loadArchive(DIGIT_CLASSIFIER)!.metadata.accuracy);
  assert.ok(stated >= 0.99, `${stated}`);
  const count = backend === 'tensorflow' ? 10_000 : 200; // plain JavaScript takes minutes for all
  const found = verdicts(examine(network, digits(0, count)).logits);
  const right = found.filter(({ label }, i) => label === labels.get(i)).length / count;
  // Another machine's kernels round otherwise, which may turn a few digits that are between two classes.
  const chance = backend === 'tensorflow' ? 3e-4 : 0.02;
  assert.ok(Math.abs(right - stated) <= chance, `${right}, and ${stated} is stated`);
  assert.ok(parameterCount(network) <= 60_000, `${parameterCount(network)}`);
  assert.ok(readFileSync(DIGIT_CLASSIFIER).length <= 250_000);
  network.dispose();
});

test('features come batch by batch as they do at once, and tell digits from their negatives', () => {
  const network = loadDigitClassifier();
  const some = digits(0, 600);
  const { features } = examine(network, some);
  const late = examine(network, digits(500, 100)).features;
  for (let i = 0; i < late.values.length; i++) {
    assert.ok(Math.abs(late.values[i]! - features.values[500 * late.d + i]!) < 1e-4);
  }
  const negative = { ...some, data: some.data.map(v => -v) };
  const apart = frechetDistance(features, examine(network, negative as typeof some).features);
  const among = frechetDistance(features, examine(network, digits(600, 600)).features);
  assert.ok(apart > 10 * among, `${apart}, ${among}`);
  network.dispose();
});

test('a changed weight, or a file without seal, is refused by name', () => {
  const path = join(tmpdir(), `digit-classifier-${process.pid}.safetensors`);
  try {
    const bytes = readFileSync(DIGIT_CLASSIFIER);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(path, bytes);
    assert.throws(() => loadDigitClassifier(path), /hash of the contents/);
    rmSync(path);
    assert.throws(() => loadDigitClassifier(path), /no such file/);
    const { tensors, metadata } = loadArchive(DIGIT_CLASSIFIER)!;
    saveArchive(path, { tensors: new Map([...tensors].slice(1)), metadata });
    assert.throws(() => loadDigitClassifier(path), /it is missing/);
  } finally {
    rmSync(path, { force: true });
  }
});
