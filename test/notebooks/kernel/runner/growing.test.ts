import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGrowing } from '../../../../notebooks/kernel/runner/growing.js';
import type { Notebook } from '../../../../notebooks/kernel/runner/record/nbformat.js';
import type { NotebookRun } from '../../../../notebooks/kernel/runner/record/result-types.js';

const notebook = (id: string): Notebook => ({
  cells: [{ cell_type: 'raw', id, source: '', metadata: {} }],
  metadata: {},
});
const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

test('a flood of news makes few writes, the last of which has everything', async () => {
  const written: string[] = [];
  const growing = createGrowing((_, { cells }) => written.push(cells[0]!.id));
  let news = 0;
  for (; news < 200; news++) {
    growing.grew?.('a.ipynb', () => notebook(`${news}`));
    await wait(1);
  }
  await wait(1200);
  assert.equal(written.at(-1), '200');
  assert.ok(written.length >= 2 && written.length <= 4, `${written.length} writes`);
});

test('what takes long to write is written seldom', async () => {
  let writes = 0;
  const growing = createGrowing(() => {
    writes++;
    for (const end = performance.now() + 50; performance.now() < end; );
  });
  for (const end = Date.now() + 900; Date.now() < end; await wait(5)) growing.grew?.('a.ipynb', () => notebook('a'));
  assert.equal(writes, 1);
});

test('nothing is written after the end, and a write that fails is left to the one at the end', async () => {
  let writes = 0;
  const growing = createGrowing(() => {
    writes++;
    throw new Error('disk full');
  });
  growing.grew?.('a.ipynb', () => notebook('a'));
  await wait(20);
  growing.grew?.('a.ipynb', () => notebook('a'));
  growing.ended?.({ file: 'a.ipynb' } as NotebookRun);
  await wait(700);
  assert.equal(writes, 1);
});
