import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Cell, Notebook } from '../../../../notebooks/kernel/runner/record/nbformat.js';
import type { NotebookRun } from '../../../../notebooks/kernel/runner/record/result-types.js';
import { createMemory } from '../../../../notebooks/kernel/runner/unchanged.js';

let home = '';
before(async () => {
  home = await mkdtemp(join(tmpdir(), 'memory-'));
  await mkdir(join(home, 'lib'));
  await writeFile(join(home, 'package.json'), '{}');
  await writeFile(join(home, 'package-lock.json'), '1');
  await writeFile(join(home, 'lib/a.ts'), "export * from './b.js';");
  await writeFile(join(home, 'lib/b.ts'), 'export const b = 1;');
});
after(() => rm(home, { recursive: true }));

const code: Cell = { cell_type: 'code', id: 'c', source: "import { b } from './lib/a.js';", metadata: {}, outputs: [] };
const text: Cell = { cell_type: 'markdown', id: 'm', source: '# Text', metadata: {} };
const loaded = (...cells: Cell[]) => ({
  file: join(home, 'x.ipynb'),
  json: '',
  notebook: { cells, metadata: {} } as Notebook,
});

const output = { output_type: 'stream', name: 'stdout', text: 'kept' } as const;
const run = (status: NotebookRun['status']): NotebookRun => ({
  file: 'x.ipynb',
  notebook: { cells: [{ ...code, outputs: [output] } as Cell], metadata: {} },
  cells: [{ index: 0, status, milliseconds: 5 }],
  status,
  started: new Date(0),
  milliseconds: 5,
  provenance: { kernel: 'fake' },
});

const memory = (parameters: Record<string, string> = {}) => createMemory({ home, command: ['kernel'], parameters });

test('a success comes back with its outputs; new text around the code does not matter', async () => {
  await memory().keep(loaded(code), run('ok'));
  const recalled = await memory().recall(loaded(text, code));
  assert.equal(recalled?.reused, true);
  assert.deepEqual(recalled?.cells[0]?.index, 1);
  const [, cell] = recalled!.notebook.cells;
  assert.deepEqual(cell && 'outputs' in cell && cell.outputs, [output]);
});

test('other code, parameters, lock file or an indirectly imported module call for a new run', async () => {
  const recalls = async (cell = code, parameters = {}) => (await memory(parameters).recall(loaded(cell))) !== undefined;
  assert.ok(await recalls());
  assert.ok(!(await recalls({ ...code, source: `${code.source}\nb;` })));
  assert.ok(!(await recalls(code, { SCALE: 'full' })));
  await writeFile(join(home, 'lib/b.ts'), 'export const b = 2;');
  assert.ok(!(await recalls()));
  await writeFile(join(home, 'lib/b.ts'), 'export const b = 1;');
  assert.ok(await recalls());
  await writeFile(join(home, 'package-lock.json'), '2');
  assert.ok(!(await recalls()));
});

test('what failed is not remembered', async () => {
  const failing = loaded({ ...code, source: 'fails' });
  await memory().keep(failing, run('failed'));
  assert.equal(await memory().recall(failing), undefined);
});
