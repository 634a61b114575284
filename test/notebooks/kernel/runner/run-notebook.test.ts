import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { failure } from '../../../../notebooks/kernel/runner/record/describe.js';
import type { Cell, Notebook } from '../../../../notebooks/kernel/runner/record/nbformat.js';
import type { NotebookRun } from '../../../../notebooks/kernel/runner/record/result-types.js';
import { type Limits, runNotebook } from '../../../../notebooks/kernel/runner/run-notebook.js';
import { openKernel } from '../../../../notebooks/kernel/runner/running-kernel.js';

const fake = join(dirname(fileURLToPath(import.meta.url)), 'fake-kernel.ts');
const command = [process.execPath, '--import', 'tsx', fake, '{connection_file}'];

const code = (source: string, tags: string[] = []): Cell => ({
  cell_type: 'code',
  id: source.replace(/\W/g, '-'),
  source,
  metadata: { tags },
  outputs: [{ output_type: 'stream', name: 'stdout', text: 'from an earlier run\n' }],
});

const run = async (cells: Cell[], limits: Limits = { cell: 20_000, total: 60_000 }): Promise<NotebookRun> => {
  const kernel = await openKernel({ command, cwd: process.cwd(), env: process.env });
  try {
    const notebook: Notebook = { cells, metadata: {} };
    return await runNotebook('a.ipynb', notebook, kernel, limits, {});
  } finally {
    await kernel.stop();
  }
};

const outputsOf = ({ notebook }: NotebookRun) => notebook.cells.map(cell => ('outputs' in cell ? cell.outputs : []));
const statuses = ({ cells }: NotebookRun) => cells.map(cell => cell.status);

describe('a run', { concurrency: 4 }, () => {
  test('outputs replace those of earlier runs, and updates reach the cell that displayed', async () => {
    const result = await run([code('print a'), code('shows old'), code('updates new')]);
    assert.equal(result.status, 'ok');
    const [printed, shown, updated] = outputsOf(result);
    assert.deepEqual(printed, [{ output_type: 'stream', name: 'stdout', text: 'a\n' }]);
    assert.deepEqual(shown, [{ output_type: 'display_data', data: { 'text/plain': 'new' }, metadata: {} }]);
    assert.deepEqual(updated, []);
  });

  test('a failing cell stops the run with its error and line; later cells hold nothing', async () => {
    const result = await run([code('print a'), code('error\nsecond line'), code('print b')]);
    assert.deepEqual(statuses(result), ['ok', 'failed']);
    assert.equal(result.cells[1]?.reason, 'TypeError: wrong');
    assert.equal(result.cells[1]?.line, 2);
    assert.deepEqual(outputsOf(result)[2], []);
  });

  test('the tag raises-exception lets the run go on', async () => {
    const result = await run([code('error', ['raises-exception']), code('print b')]);
    assert.deepEqual(statuses(result), ['ok', 'ok']);
    assert.equal(outputsOf(result)[0]?.[0]?.output_type, 'error');
  });

  test('the tag skip-execution leaves a cell out: it counts for nothing, and its outputs stay', async () => {
    const result = await run([code('print a'), code('dies', ['skip-execution']), code('error\nsecond line')]);
    assert.deepEqual(
      result.cells.map(({ index, status, line }) => [index, status, line]),
      [
        [0, 'ok', undefined],
        [2, 'failed', 2],
      ],
    );
    assert.deepEqual(outputsOf(result)[1], [{ output_type: 'stream', name: 'stdout', text: 'from an earlier run\n' }]);
  });

  test('an error in the reply alone fails the cell and shows in its outputs', async () => {
    const result = await run([code('swallows')]);
    assert.deepEqual(statuses(result), ['failed']);
    assert.equal(outputsOf(result)[0]?.[0]?.output_type, 'error');
  });

  test('an error that only stderr tells of is quoted from there', async () => {
    const result = await run([code('mutters overflow')]);
    assert.match(failure(result, result.cells[0]!), /the kernel gave no reason\noverflow/);
  });

  test('an error beside an ok reply fails the cell', async () => {
    assert.deepEqual(statuses(await run([code('hides')])), ['failed']);
  });

  test('a result outside its tolerance marks its cell, and the run goes on', async () => {
    const result = await run([code('result 1.05'), code('result 1.2'), code('result NaN'), code('print a')]);
    assert.deepEqual(statuses(result), ['ok', 'mismatch', 'mismatch', 'ok']);
    assert.equal(result.status, 'mismatch');
    assert.equal(result.cells[1]?.reason, '✗ one: 1.2, expected 1 ± 0.1');
  });

  test('a cell that the kernel did not run is no success', async () => {
    const result = await run([code('aborts')]);
    assert.equal(result.status, 'broken');
    assert.match(String(result.cells[0]?.reason), /aborted/);
  });

  test('an error after its cell has ended fails that cell, not the one then running', async () => {
    const result = await run([code('late'), code('wait')]);
    assert.deepEqual(statuses(result), ['failed', 'ok']);
    assert.match(String(result.cells[0]?.reason), /after the cell had ended, TypeError: wrong/);
  });

  test('without idle the outputs count as incomplete', async () => {
    const result = await run([code('loses'), code('print b')]);
    assert.equal(result.status, 'broken');
    assert.match(String(result.cells[0]?.reason), /never became idle/);
  });

  test('outputs that still come are waited for', async () => {
    const result = await run([code('lags')]);
    assert.equal(result.status, 'ok');
    assert.deepEqual(outputsOf(result)[0], [{ output_type: 'stream', name: 'stdout', text: '............' }]);
  });

  test('a cell past its limit is interrupted and what it printed is kept', async () => {
    const result = await run([code('print a'), code('hangs')], { cell: 300, total: 60_000 });
    assert.deepEqual(statuses(result), ['ok', 'timeout']);
    assert.match(String(result.cells[1]?.reason), /0\.3 s; interrupted/);
    assert.equal(outputsOf(result)[0]?.length, 1);
  });

  test('the total limit ends the run as well', async () => {
    const result = await run([code('hangs')], { cell: 60_000, total: 300 });
    assert.equal(result.status, 'timeout');
  });

  test('a kernel that ignores interrupts is ended', async () => {
    const result = await run([code('deaf')], { cell: 200, total: 60_000 });
    assert.equal(result.status, 'timeout');
    assert.match(String(result.cells[0]?.reason), /did not react/);
  });

  test('a kernel that dies says how, with its last words', async () => {
    const result = await run([code('dies')]);
    assert.equal(result.status, 'broken');
    assert.match(String(result.cells[0]?.reason), /exit code 7.*out of memory/s);
  });

  test('a kernel that dies behind the last cell is no success either', async () => {
    const result = await run([code('later-dies')]);
    assert.equal(result.status, 'broken');
    assert.match(String(result.reason), /exit code 7/);
  });

  test('a kernel that cannot start is an error that quotes it', async () => {
    const broken = [process.execPath, '-e', 'throw new Error("no such port")', '{connection_file}'];
    const opening = openKernel({ command: broken, cwd: process.cwd(), env: process.env });
    await assert.rejects(opening, /exit code 1.*no such port/s);
  });
});
