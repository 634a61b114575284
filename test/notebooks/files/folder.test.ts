import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolder } from '../../../notebooks/files/folder.js';

test('a folder is made with those above it, and again without harm', () => {
  const root = mkdtempSync(join(tmpdir(), 'folder-'));
  try {
    makeFolder(join(root, 'a/b/c'));
    makeFolder(join(root, 'a/b/c'));
    assert.ok(existsSync(join(root, 'a/b/c')));
    writeFileSync(join(root, 'file'), '');
    assert.throws(() => makeFolder(join(root, 'file/inside')), /file/);
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('a file system that has no place for it says so at once', {
  skip: !existsSync('/proc/self') && 'needs /proc',
}, () => {
  assert.throws(() => makeFolder('/proc/nowhere/inside'), /\/proc\/nowhere/);
});
