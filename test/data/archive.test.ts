import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { loadArchive, saveArchive } from '../../data/archive.js';
import { float32 } from '../../lib/train/safetensors.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const archive = { tensors: new Map([['w', float32(Float32Array.of(1, 2, 3, 4), [2, 2])]]), metadata: { steps: '7' } };

test('what was saved is loaded, into a folder that did not exist, and no temporary file stays', () => {
  const path = join(folder, 'new', 'run.safetensors');
  saveArchive(path, archive);
  const loaded = loadArchive(path);
  assert.deepEqual([...(loaded?.tensors.get('w')?.values ?? [])], [1, 2, 3, 4]);
  assert.equal(loaded?.metadata.steps, '7');
  assert.deepEqual(readdirSync(join(folder, 'new')), ['run.safetensors']);
});

test('a missing file is no error, a truncated one names itself and the way out', () => {
  const path = join(folder, 'run.safetensors');
  assert.equal(loadArchive(path), undefined);
  saveArchive(path, archive);
  writeFileSync(path, readFileSync(path).subarray(0, 100));
  assert.throws(() => loadArchive(path), new RegExp(`${path}: .*remove the file to start afresh`));
});
