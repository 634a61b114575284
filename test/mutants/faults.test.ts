import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../notebooks/files/root.js';
import { faults } from './faults.js';

test('every fault can still be planted: its place stands in the file once, and its notebook exists', () => {
  for (const { what, notebook, file, right, wrong } of faults) {
    const text = readFileSync(join(projectRoot(), 'lib', file), 'utf8');
    assert.equal(text.split(right).length, 2, `${what}: ${file} does not hold once: ${right}`);
    assert.notEqual(right, wrong, what);
    assert.ok(existsSync(join(projectRoot(), 'notebooks', `${notebook}.ipynb`)), `${what}: no notebook ${notebook}`);
  }
});
