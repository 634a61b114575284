import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSealed, writeSealed } from '../../../notebooks/files/sealed.js';

test('what is written comes back, and what is damaged or cut short does not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealed-'));
  try {
    const path = join(folder, 'deeper', 'value');
    assert.equal(readSealed(path), undefined);
    for (const content of [Uint8Array.of(1, 2, 3), new Uint8Array(0)]) {
      writeSealed(path, content);
      assert.deepEqual([...readSealed(path)!], [...content]);
    }
    writeSealed(path, Uint8Array.of(1, 2, 3));
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      assert.equal(readSealed(path), undefined, `${length} bytes`);
      writeFileSync(
        path,
        whole.map((byte, at) => (at === length ? byte ^ 1 : byte)),
      );
      assert.equal(readSealed(path), undefined, `byte ${length}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
