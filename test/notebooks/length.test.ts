import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseNotebook } from '../../notebooks/kernel/runner/parse-notebook.js';
import { isCode } from '../../notebooks/kernel/runner/record/nbformat.js';

/** A cell is read at a glance, beside its outputs. */
const LONGEST = 25;

for (const name of readdirSync('notebooks').filter(file => file.endsWith('.ipynb'))) {
  test(`${name} has no cell of more than ${LONGEST} lines`, () => {
    const file = join('notebooks', name);
    const long = parseNotebook(readFileSync(file, 'utf8'), file)
      .cells.filter(isCode)
      .map(({ id, source }) => ({ id, lines: [source].flat().join('').split('\n').length }))
      .filter(({ lines }) => lines > LONGEST);
    assert.deepEqual(long, [], 'split it where one thought ends, or shorten it');
  });
}
