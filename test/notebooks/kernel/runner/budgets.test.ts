import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readBudgets, withBudgets } from '../../../../notebooks/kernel/runner/budgets.js';
import type { CodeCell } from '../../../../notebooks/kernel/runner/record/nbformat.js';
import type { NotebookRun } from '../../../../notebooks/kernel/runner/record/result-types.js';

const folder = mkdtempSync(join(tmpdir(), 'budgets-'));
after(() => rmSync(folder, { recursive: true }));
const read = (text: string) => {
  const file = join(folder, 'b.yaml');
  writeFileSync(file, text);
  return readBudgets(file);
};

const code = (id: string, ...tags: string[]): CodeCell => ({
  cell_type: 'code',
  id,
  source: 'x',
  metadata: { tags },
  outputs: [],
});
const run = (...tags: string[]): NotebookRun => ({
  file: 'notebooks/01-a@seed=1.ipynb',
  source: 'notebooks/01-a.ipynb',
  notebook: { metadata: {}, cells: [code('first'), code('second', ...tags)] },
  cells: [
    { index: 0, status: 'ok', milliseconds: 2000, memory: 3e8 },
    { index: 1, status: 'ok', milliseconds: 5000, memory: 6e8 },
  ],
  status: 'ok',
  started: new Date(0),
  milliseconds: 7000,
  provenance: { kernel: 'fake', peakMemory: 6e8 },
});
const judged = (text: string, ...tags: string[]) => {
  const { status, reason, cells } = withBudgets(run(...tags), read(text));
  return [status, reason, ...cells.map(cell => cell.reason)];
};

test('within its budget a run is as it was', () => {
  assert.deepEqual(withBudgets(run(), read('"*": { seconds: 7, memory: 600 MB, cell: { seconds: 5 } }')), run());
  assert.deepEqual(withBudgets(run(), {}), run());
});

test('a notebook and its cells have theirs in time and in memory', () => {
  const [status, whole] = judged('"*": { seconds: 6, memory: 0.5 GB }');
  assert.equal(status, 'budget');
  assert.equal(
    whole,
    'over its budget: it took 7.00 s, and may take 6.00 s; it held 600 MB in memory, and may hold 500 MB',
  );
  assert.deepEqual(judged('01-a: { cell: { memory: 500 MB } }').slice(2).map(Boolean), [false, true]);
  assert.deepEqual(judged('02-b: { seconds: 1 }').slice(0, 2), ['ok', undefined]);
});

test("a notebook's own limit goes before that for all, a cell's before both, and its tags before these", () => {
  const all = '"*": { cell: { seconds: 1 } }';
  const over = (text: string, ...tags: string[]) =>
    judged(text, ...tags)
      .slice(2)
      .map(Boolean);
  assert.deepEqual(over(all), [true, true]);
  assert.deepEqual(over(`${all}\n01-a: { cell: { seconds: 3 } }`), [false, true]);
  assert.deepEqual(over(`${all}\n01-a: { cell: { seconds: 3 }, cells: { second: { seconds: 9 } } }`), [false, false]);
  assert.deepEqual(over(`${all}\n01-a: { cells: { second: { seconds: 9 } } }`, 'seconds=4'), [true, true]);
  assert.deepEqual(over('{}', 'memory=500MB'), [false, true]);
});

test('a cell that failed stays one that failed', () => {
  const failed: NotebookRun = { ...run(), status: 'failed', cells: [{ ...run().cells[0]!, status: 'failed' }] };
  assert.deepEqual(withBudgets(failed, read('"*": { seconds: 1, cell: { seconds: 1 } }')), failed);
});

for (const [text, message] of [
  ['"*": { secs: 1 }', /b\.yaml, \*: secs is not known; give seconds, memory, cell, cells/],
  ['a: { cell: { seconds: soon } }', /b\.yaml, a, cell: soon is no time; give seconds/],
  ['a: { memory: 3 apples }', /b\.yaml, a: 3 apples is no amount of memory/],
  ['a: 5', /b\.yaml, a: give names and limits/],
  ['a: [', /b\.yaml: .*line/],
] as const) {
  test(`${text} is refused by its place`, () => assert.throws(() => read(text), message));
}
