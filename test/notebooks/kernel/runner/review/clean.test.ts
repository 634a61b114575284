import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { codeNotebook } from '../../../../support/notebook.js';

const clean = (input: string) =>
  spawnSync(process.execPath, ['notebooks/kernel/bin/tsnb.mjs', 'clean'], { input, encoding: 'utf8' });

test('as a filter it takes the traces of a run out, and a second time changes nothing', () => {
  const notebook = JSON.parse(codeNotebook(['1 + 1'], 7));
  notebook.metadata = { tsnb: { seconds: 3 }, widgets: {} };
  notebook.cells[0].metadata = { tsnb: { seconds: 3 }, tags: ['kept'] };
  const once = clean(JSON.stringify(notebook));
  assert.equal(once.status, 0, once.stderr);
  assert.doesNotMatch(once.stdout, /seconds|widgets|7/);
  assert.match(once.stdout, /kept/);
  assert.equal(clean(once.stdout).stdout, once.stdout);
});

test('what is no notebook is not passed on', () => {
  const { status, stdout, stderr } = clean('{');
  assert.deepEqual([status, stdout], [1, '']);
  assert.match(stderr, /not JSON/);
});
