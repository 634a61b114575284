import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgress } from '../../../../notebooks/kernel/runner/progress.js';
import type { CodeCell } from '../../../../notebooks/kernel/runner/record/nbformat.js';
import type { CellRun, NotebookRun } from '../../../../notebooks/kernel/runner/record/result-types.js';

const cell: CodeCell = { cell_type: 'code', id: 'a', source: 'train()', metadata: {}, outputs: [] };
const file = 'notebooks/19-digits.ipynb';
const cells: CellRun[] = [
  { index: 2, status: 'ok', milliseconds: 1200 },
  { index: 4, status: 'failed', milliseconds: 30, reason: 'Error: no', line: 1 },
];
const ended = (status: NotebookRun['status'], extra: Partial<NotebookRun> = {}): NotebookRun => ({
  ...{
    file,
    cells,
    status,
    started: new Date(0),
    milliseconds: 1230,
    notebook: { cells: Array(5).fill(cell), metadata: {} },
  },
  provenance: { kernel: 'fake', peakMemory: 5e8 },
  ...extra,
});

const screen = (live: boolean, columns = 100) => {
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  return { live, columns, write, said: () => text };
};

test('a log gets a line a cell, with progress, place and time, and a summary', () => {
  const log = screen(false);
  const { watcher, end } = createProgress(log);
  watcher.started?.(file, 2);
  watcher.cellStarted?.(file, 0, cell, 2);
  watcher.cellEnded?.(file, cells[0]!);
  watcher.ended?.(ended('ok', { cells: [cells[0]!] }));
  end();
  assert.equal(log.said(), '  19-digits  1/2  cell 3  1.20 s\n✓ 19-digits   1 cells   1.23 s   peak 500 MB\n');
});

test('a failure shows its notebook, cell, line, source and error', () => {
  const log = screen(false);
  createProgress(log).watcher.ended?.(ended('failed'));
  assert.match(log.said(), /^✗ 19-digits/);
  assert.match(log.said(), /19-digits\.ipynb, cell 5 \(code cell 5\), line 1\n> {4}1 \| train\(\)\n\nError: no/);
});

test('a kernel that never started says why', () => {
  const log = screen(false);
  createProgress(log).watcher.ended?.(ended('broken', { cells: [], reason: 'the kernel died (exit code 1)' }));
  assert.match(log.said(), /19-digits\.ipynb: the kernel died \(exit code 1\)/);
});

test('a terminal keeps one line, cut to its width, with the last words of the cell', async () => {
  const terminal = screen(true, 60);
  const { watcher, end } = createProgress(terminal);
  watcher.started?.(file, 2);
  watcher.cellStarted?.(file, 1, cell, 4);
  watcher.wrote?.(file, `step 1\nstep 2, loss 0.25 ${'.'.repeat(200)}\n`);
  await new Promise(done => setTimeout(done, 200));
  end();
  assert.ok(!terminal.said().includes('\n'));
  const drawn = terminal.said().split('\r\u001b[2K').filter(Boolean);
  assert.ok(drawn.length > 0);
  for (const line of drawn) assert.match(line, /^19-digits {2}1\/2 {2}cell 5 {2}\d+ ms {2}step 2, loss 0\.25/);
  for (const line of drawn) assert.ok(line.length < 60);
});
