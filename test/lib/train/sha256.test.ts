import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { sha256 } from '../../../lib/train/sha256.js';

test('is the hash that node computes, of any bytes in any parts', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300, size: 'max' }), { maxLength: 4 }), parts => {
      const hash = createHash('sha256');
      for (const part of parts) hash.update(part);
      assert.equal(sha256(...parts), hash.digest('hex'));
    }),
  );
});

test('the empty message and the example of the standard', () => {
  assert.equal(sha256(), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  const abc = new TextEncoder().encode('abc');
  assert.equal(sha256(abc), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
