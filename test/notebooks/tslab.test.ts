import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { codeNotebook } from '../support/notebook.js';
import { copyProject } from '../support/project-copy.js';
import { slow } from '../support/slow.js';
import { assertRuns, codeCells, runTslab, tslabSkip } from '../support/tslab.js';

/** Under test/slow all notebooks are run; these stand for them. */
const names = ['01-tour.ipynb', '03-fokker-planck.ipynb'];
const skip = slow('runs notebooks under tslab, which takes seconds for a cell') || tslabSkip();

describe('plain tslab', { skip }, () => {
  // tslab watches its folder and ends when files come and go there, as they do while other tests or people work.
  let copy: ReturnType<typeof copyProject>;
  let folder = '';
  before(() => {
    copy = copyProject();
    folder = join(copy.root, '.cache', 'tslab');
    mkdirSync(folder, { recursive: true });
  });
  after(() => copy.remove());

  test('runs committed notebooks to their ends, with the same checks passed and pictures shown', () =>
    assertRuns(copy.root, folder, names));

  test('shows bars and named results as text, and a check that misses fails its cell', () => {
    const sources = [
      "import { check } from './notebooks/proof/check.js';",
      "import { progress } from './notebooks/cell/progress.js';\nimport { result } from './notebooks/cell/result.js';",
      "for (const _ of progress([1, 2], { label: 'bar' }));\nresult('one', 1.5, { expected: 1, tolerance: 1 });",
      "check('the whole', 1, 2, 0.5);",
    ];
    const file = `${folder}.ipynb`; // beside the folder: the command goes one up to the root
    writeFileSync(file, codeNotebook(sources));
    const { status, said } = runTslab(copy.root, file, folder);
    assert.equal(status, 1, said);
    assert.match(said, /cell 4 \(code cell 4\)[\s\S]*✗ the whole: 1, expected 2 ± 0\.5/);
    const shown = JSON.stringify(codeCells(folder, basename(file))[2]?.outputs);
    assert.match(shown, /bar .*2\/2.*✓ one: 1\.5, expected 1 ± 1/);
  });
});
