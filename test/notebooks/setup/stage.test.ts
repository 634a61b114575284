import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { readOutcome, settle } from '../../../notebooks/setup/stage.js';

let root: string;
let lines: string[];
let runs: number;
const say = (line: string): void => void lines.push(line);
const stage = (key: string, run: () => Promise<string> = async () => 'done') => ({
  name: 'thing',
  key: () => key,
  run: () => {
    runs += 1;
    return run();
  },
});

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stage-'));
  lines = [];
  runs = 0;
});
afterEach(() => rmSync(root, { recursive: true }));

test('a stage runs once, in silence the second time, and again when its key changes', async () => {
  await settle(root, stage('a'), say);
  await settle(root, stage('a'), say);
  assert.equal(runs, 1);
  assert.deepEqual(lines, ['✓ thing: done']);
  await settle(root, stage('b'), say);
  assert.equal(runs, 2);
});

test('a stage that cannot be done says why, is remembered as missing and tried again', async () => {
  const failing = stage('a', async () => {
    throw new Error('no compiler');
  });
  assert.equal((await settle(root, failing, say)).ready, false);
  assert.deepEqual(lines, ['✗ thing: no compiler']);
  assert.equal(readOutcome(root, 'thing')?.note, 'no compiler');
  assert.equal((await settle(root, stage('a'), say)).ready, true);
  assert.equal(runs, 2);
});

test('a damaged record is as good as none, and no temporary file stays', async () => {
  await settle(root, stage('a'), say);
  writeFileSync(join(root, '.build', 'setup', 'thing.json'), '{"key":');
  await settle(root, stage('a'), say);
  assert.equal(runs, 2);
  assert.deepEqual(readdirSync(join(root, '.build', 'setup')), ['thing.json']);
});
