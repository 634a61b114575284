import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readTar } from '../../../data/fetch/tar.js';
import { tarOf } from './archive.js';

const files = {
  'package/a.txt': Buffer.from('one'),
  'package/b.bin': Buffer.alloc(1025, 7),
  'package/none': Buffer.alloc(0),
};

test('files come out by name, byte for byte', () => {
  const read = readTar(tarOf(files), 'x');
  assert.deepEqual([...read.keys()], Object.keys(files));
  for (const [name, bytes] of Object.entries(files)) assert.ok(bytes.equals(read.get(name)!), name);
});

const hasTar = (): boolean => {
  try {
    return execFileSync('tar', ['--version'], { encoding: 'utf8' }).includes('GNU');
  } catch {
    return false;
  }
};
test('so they do from the archive of another program, with folders and long names', {
  skip: !hasTar() && 'no tar',
}, t => {
  const folder = mkdtempSync(join(tmpdir(), 'tar-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const long = join('a'.repeat(90), 'b'.repeat(90));
  mkdirSync(join(folder, 'a'.repeat(90)));
  writeFileSync(join(folder, long), 'deep');
  writeFileSync(join(folder, 'flat'), 'here');
  const read = readTar(execFileSync('tar', ['-c', '--format=ustar', '-C', folder, 'flat', 'a'.repeat(90)]), 'x');
  assert.deepEqual(
    [...read].map(([name, bytes]) => [name, String(Buffer.from(bytes))]),
    [
      ['flat', 'here'],
      [long, 'deep'],
    ],
  );
});

test('a truncated archive, and what is none, are named', () => {
  const whole = tarOf(files);
  assert.throws(
    () => readTar(whole.subarray(0, 2000), 'x.tar'),
    /^Error: x.tar: truncated: 2000 bytes found, 2561 expected/,
  );
  assert.throws(
    () => readTar(Buffer.alloc(1024, 'text'), 'x.tar'),
    /x.tar: no header of a tar archive found at byte 0/,
  );
});

test('a damaged header is found by its sum', () => {
  for (const at of [3, 105, 130, 345]) {
    const bytes = tarOf(files);
    bytes[1024 + at]! ^= 1; // in the second header
    assert.throws(() => readTar(bytes, 'x.tar'), /x.tar: no header of a tar archive found at byte 1024, one expected/);
  }
});
