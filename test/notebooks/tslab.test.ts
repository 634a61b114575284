import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parseNotebook } from '../../notebooks/kernel/runner/parse-notebook.js';
import { type CodeCell, isCode } from '../../notebooks/kernel/runner/record/nbformat.js';
import { readOutcome } from '../../notebooks/setup/stage.js';
import { codeNotebook } from '../support/notebook.js';
import { copyProject } from '../support/project-copy.js';
import { slow } from '../support/slow.js';

const names = readdirSync('notebooks').filter(name => name.endsWith('.ipynb'));
const [command = ''] = /^node .*tslab kernel.*$/m.exec(readFileSync('README.md', 'utf8')) ?? [];

/** The command of the README as it stands but for what is run and where the results go, in a copy of the project. */
const run = (root: string, notebooks: string, output: string): { status: number | null; said: string } => {
  assert.match(command, / --output report\/tslab notebooks\/\*\.ipynb$/);
  const line = command.replace('report/tslab', `'${output}'`).replace('notebooks/*.ipynb', () => notebooks);
  const env = { ...process.env, BACKEND: '', SCALE: 'smoke', SEED: '0', GITHUB_ACTIONS: '' };
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { cwd: root, encoding: 'utf8', env });
  return { status, said: stdout + stderr };
};

const codeCells = (folder: string, name: string): CodeCell[] => {
  const file = join(folder, name);
  return parseNotebook(readFileSync(file, 'utf8'), file).cells.filter(isCode);
};

/** What a cell claims and shows: the names of its checks, without figures, and how many pictures there are. */
const substance = ({ outputs }: CodeCell) => {
  const printed = outputs.map(o => (o.output_type === 'stream' && o.name === 'stdout' ? o.text : '')).join('');
  const checks = printed.split('\n').filter(line => line.startsWith('✓'));
  return {
    checks: checks.map(line => line.replace(/: [^:]*$/, '')),
    pictures: outputs.filter(o => 'data' in o && typeof o.data['image/png'] === 'string').length,
  };
};

const native = readOutcome(resolve('.'), 'tensorflow-binding')?.ready === true;
const skip =
  slow('runs all notebooks') ||
  (!native && 'tfjs-node is not compiled here, and the committed outputs are those of TensorFlow');

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

  test('runs the committed notebooks to their ends, with the same checks passed and pictures shown', () => {
    const { status, said } = run(copy.root, 'notebooks/*.ipynb', folder);
    assert.equal(status, 0, said);
    for (const name of names) {
      const expected = codeCells('notebooks', name).map(substance);
      assert.ok(expected.some(({ checks }) => checks.length > 0) && expected.some(cell => cell.pictures > 0));
      assert.deepEqual(codeCells(folder, name).map(substance), expected, name);
    }
  });

  test('shows bars and named results as text, and a check that misses fails its cell', () => {
    const sources = [
      "import { check } from './notebooks/proof/check.js';",
      "import { progress } from './notebooks/cell/progress.js';\nimport { result } from './notebooks/cell/result.js';",
      "for (const _ of progress([1, 2], { label: 'bar' }));\nresult('one', 1.5, { expected: 1, tolerance: 1 });",
      "check('the whole', 1, 2, 0.5);",
    ];
    const file = `${folder}.ipynb`; // beside the folder: the command goes one up to the root
    writeFileSync(file, codeNotebook(sources));
    const { status, said } = run(copy.root, file, folder);
    assert.equal(status, 1, said);
    assert.match(said, /cell 4 \(code cell 4\)[\s\S]*✗ the whole: 1, expected 2 ± 0\.5/);
    const shown = JSON.stringify(codeCells(folder, basename(file))[2]?.outputs);
    assert.match(shown, /bar .*2\/2.*✓ one: 1\.5, expected 1 ± 1/);
  });
});
