import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isCode } from '../../notebooks/kernel/runner/record/nbformat.js';
import { allNotebooks } from '../../notebooks/setup/claims.js';
import { answers } from '../support/answers.js';
import { exercisesOf } from '../support/exercises.js';
import { copyProject } from '../support/project-copy.js';

describe('an exercise takes a right answer and refuses a wrong one', () => {
  let copy: ReturnType<typeof copyProject>;
  before(() => {
    copy = copyProject();
  });
  after(() => copy.remove());

  for (const { file, notebook } of allNotebooks()) {
    const exercises = exercisesOf(notebook);
    const known = answers[file.replace('.ipynb', '')] ?? [];
    const skip = known.length === 0 && 'test/support/answers.ts has no answers to it';
    test(file, { skip }, () => {
      const cell = (source: string, id: string, tags: string[]) => ({
        cell_type: 'code',
        execution_count: null,
        id,
        metadata: { tags },
        outputs: [],
        source,
      });
      const right = exercises.map(({ answered }, i) => cell(answered(known[i]![0]), `right${i}`, []));
      const wrong = exercises.map(({ answered }, i) => cell(answered(known[i]![1]), `wrong${i}`, ['raises-exception']));
      const path = join('notebooks', file);
      writeFileSync(
        join(copy.root, path),
        JSON.stringify({ ...notebook, nbformat: 4, nbformat_minor: 5, cells: [...notebook.cells, ...right, ...wrong] }),
      );
      const args = ['notebooks/kernel/bin/tsnb.mjs', 'run', '--output', 'report', path];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy.root, encoding: 'utf8' });
      assert.equal(status, 0, stdout + stderr);
      const ran = JSON.parse(readFileSync(join(copy.root, 'report', file), 'utf8')) as typeof notebook;
      const said = (id: string) => JSON.stringify(ran.cells.filter(isCode).find(found => found.id === id)?.outputs);
      for (const [i, { name }] of exercises.entries()) {
        assert.match(said(`right${i}`), new RegExp(`✓ exercise ${name}: off by`));
        assert.match(said(`wrong${i}`), new RegExp(`✗ exercise ${name}: off by`));
      }
    });
  }
});
