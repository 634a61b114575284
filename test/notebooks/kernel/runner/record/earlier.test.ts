import assert from 'node:assert/strict';
import { test } from 'node:test';
import { before, readEarlier, regressions, withRuns } from '../../../../../notebooks/kernel/runner/record/earlier.js';
import type { Environment } from '../../../../../notebooks/kernel/runner/record/environment.js';
import type { NotebookRun } from '../../../../../notebooks/kernel/runner/record/result-types.js';

const about: Environment = { date: '', versions: { node: '22' }, machine: 'm', threads: '2', variables: {} };
const run = (seconds: number, more: Partial<NotebookRun> = {}): NotebookRun => ({
  file: 'notebooks/a.ipynb',
  notebook: { metadata: {}, cells: [{ cell_type: 'code', id: 'c', source: '1', metadata: {}, outputs: [] }] },
  cells: [{ index: 0, status: 'ok', milliseconds: 1000 * seconds }],
  status: 'ok',
  started: new Date(0),
  milliseconds: 1000 * seconds + 200,
  provenance: { kernel: 'k', peakMemory: 5e8 },
  ...more,
});
const past = (...seconds: number[]) =>
  readEarlier(
    withRuns(
      [],
      seconds.map(s => run(s)),
      about,
    ),
  );
const named = (now: NotebookRun, ...seconds: number[]) => regressions(now, before(now, past(...seconds), about));

test('what is clearly slower than ever and than usual is named, notebook and cell', () => {
  assert.deepEqual(named(run(9), 2, 3, 2), ['a, cell 1: 9.00 s, usually 2.00 s', 'a: 9.20 s, usually 2.20 s']);
  assert.match(
    named(run(2, { provenance: { kernel: 'k', peakMemory: 9e8 } }), 2, 3, 2).join(),
    /a: 900 MB, usually 500 MB/,
  );
});

test('what was as slow before, is slower by little, or has hardly a past, is not', () => {
  assert.deepEqual(named(run(9), 2, 9.5, 2), []);
  assert.deepEqual(named(run(0.9), 0.3, 0.3, 0.3), []);
  assert.deepEqual(named(run(9), 2, 2), []);
  assert.deepEqual(named(run(9, { reused: true }), 2, 2, 2), []);
});

test('only runs under the same conditions count', () => {
  const earlier = past(2, 2, 2);
  const count = (now: NotebookRun, where = about) => before(now, earlier, where).length;
  assert.equal(count(run(1)), 3);
  assert.equal(count(run(1, { parameters: { seed: 1 } })), 0);
  assert.equal(count(run(1, { file: 'b.ipynb' })), 0);
  assert.equal(count(run(1), { ...about, machine: 'other' }), 0);
  assert.equal(count(run(1), { ...about, variables: { SCALE: 'full' } }), 0);
});

test('failures and reused runs leave no trace, old runs go, and a line that was cut off is passed over', () => {
  assert.equal(withRuns([], [run(1, { status: 'failed' }), run(1, { reused: true })], about), '');
  const many = past(...Array.from({ length: 60 }, (_, i) => i));
  assert.deepEqual([many.length, many[0]!.cells.c], [50, 10]);
  assert.equal(readEarlier(withRuns([], [run(1), run(2)], about).slice(0, -10)).length, 1);
});
