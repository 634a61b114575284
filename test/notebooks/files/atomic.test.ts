import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeAtomic } from '../../../notebooks/files/atomic.js';

test('a file is whole or as it was: folders are made, and a failure leaves nothing behind', () => {
  const folder = mkdtempSync(join(tmpdir(), 'atomic-'));
  try {
    writeAtomic(join(folder, 'a', 'b.txt'), 'old');
    writeAtomic(join(folder, 'a', 'b.txt'), 'whole');
    assert.equal(readFileSync(join(folder, 'a', 'b.txt'), 'utf8'), 'whole');
    assert.throws(() => writeAtomic(join(folder, 'a'), 'in the way of a folder'), /EISDIR|ENOTEMPTY|EEXIST/);
    assert.deepEqual(readdirSync(folder, { recursive: true }).sort(), ['a', join('a', 'b.txt')]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
