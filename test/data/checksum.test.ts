import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readChecked } from '../../data/checksum.js';

const content = Buffer.from('the file as it should be');
const sha256 = createHash('sha256').update(content).digest('hex');

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checksum-'));
  path = join(folder, 'file');
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (): Uint8Array => readChecked(path, sha256, 'fetch it again');

test('a file is read as it is, or unpacked where only that lies there', () => {
  writeFileSync(`${path}.gz`, gzipSync(content));
  assert.ok(content.equals(read()));
  writeFileSync(path, content);
  writeFileSync(`${path}.gz`, 'no matter');
  assert.ok(content.equals(read()));
});

test('other content is refused with both sums, packed or not', () => {
  const found = createHash('sha256').update('another').digest('hex');
  const message = (name: string) =>
    new RegExp(`${name}: SHA-256 ${found} found, ${sha256} expected \\(7 bytes\\); fetch it again$`);
  writeFileSync(`${path}.gz`, gzipSync('another'));
  assert.throws(read, message('file\\.gz'));
  writeFileSync(path, 'another');
  assert.throws(read, message('file'));
});

test('a file that is missing, or damaged as an archive, is named', () => {
  assert.throws(read, /file: cannot be read \(ENOENT\); fetch it again$/);
  writeFileSync(`${path}.gz`, gzipSync(content).subarray(0, 20));
  assert.throws(read, /file\.gz: cannot be read \(Z_BUF_ERROR\); fetch it again$/);
});
