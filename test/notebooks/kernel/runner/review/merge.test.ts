import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { conclude } from '../../../../../notebooks/kernel/runner/conclude.js';
import { environment } from '../../../../../notebooks/kernel/runner/record/environment.js';
import { withOrigin } from '../../../../../notebooks/kernel/runner/record/provenance.js';
import type { NotebookRun } from '../../../../../notebooks/kernel/runner/record/result-types.js';
import { main } from '../../../../../notebooks/kernel/runner/review/merge.js';
import { recordText } from '../../../../../notebooks/kernel/runner/write-notebook.js';

const home = resolve('.');
const about = environment(home, {});
const folder = mkdtempSync(join(tmpdir(), 'merge-'));
after(() => rmSync(folder, { recursive: true }));

const run = (name: string, status: NotebookRun['status']): NotebookRun => ({
  file: `notebooks/${name}.ipynb`,
  notebook: {
    metadata: {},
    cells: [
      {
        cell_type: 'code',
        id: 'c',
        source: 'x',
        metadata: {},
        outputs: [{ output_type: 'stream', name: 'stdout', text: `${name}\n` }],
      },
    ],
  },
  cells: [
    { index: 0, status, milliseconds: 1500, memory: 1e8, ...(status !== 'ok' && { reason: 'Error: no', line: 1 }) },
  ],
  status,
  started: new Date(0),
  milliseconds: 1600,
  provenance: { kernel: 'fake', peakMemory: 1e8 },
  ...(status === 'ok' && { parameters: { seed: 1 }, lost: ['SIGKILL'] }),
});

const shard = async (name: string, ...runs: NotebookRun[]): Promise<string> => {
  const output = join(folder, name);
  await conclude({ output, home, about }, runs);
  for (const each of runs) writeFileSync(join(output, each.file.slice(10)), recordText(withOrigin(each, about)));
  return output;
};

test('the reports of shards become that of one run, failures and all', async () => {
  const one = await shard('one', run('b', 'ok'));
  const two = await shard('two', run('a', 'failed'));
  const output = join(folder, 'whole');
  assert.equal(await main(['-o', output, one, two], home), 1);
  assert.deepEqual(readdirSync(output).sort(), ['a.ipynb', 'b.ipynb', 'history.jsonl', 'index.html', 'results.json']);
  const at = join(folder, 'at-once');
  await conclude({ output: at, home, about }, [run('a', 'failed'), run('b', 'ok')]);
  for (const name of ['results.json', 'index.html']) {
    assert.equal(readFileSync(join(output, name), 'utf8'), readFileSync(join(at, name), 'utf8'), name);
  }
});

test('a notebook that is there twice, or is not the one that was run, is refused', async () => {
  const one = await shard('three', run('b', 'ok'));
  await assert.rejects(main(['-o', join(folder, 'x'), one, one], home), /b\.ipynb is in another report as well/);
  writeFileSync(join(one, 'b.ipynb'), readFileSync(join(one, 'b.ipynb'), 'utf8').replace('b\\n', 'c\\n'));
  await assert.rejects(main(['-o', join(folder, 'x'), one], home), /its outputs are not those/);
});
