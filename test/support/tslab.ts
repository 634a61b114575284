import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseNotebook } from '../../notebooks/kernel/runner/parse-notebook.js';
import { type CodeCell, isCode } from '../../notebooks/kernel/runner/record/nbformat.js';
import { textOf } from '../../notebooks/proof/ledger.js';
import { readOutcome } from '../../notebooks/setup/stage.js';

const [command = ''] = /^node .*tslab kernel.*$/m.exec(readFileSync('README.md', 'utf8')) ?? [];

/** Runs notebooks under plain tslab, by the README's command but for what is run and where the results go. */
export const runTslab = (root: string, notebooks: string, output: string): { status: number | null; said: string } => {
  assert.match(command, / --output report\/tslab notebooks\/\*\.ipynb$/);
  const line = command.replace('report/tslab', `'${output}'`).replace('notebooks/*.ipynb', () => notebooks);
  const env = { ...process.env, BACKEND: '', SCALE: 'smoke', SEED: '0', GITHUB_ACTIONS: '' };
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { cwd: root, encoding: 'utf8', env });
  return { status, said: stdout + stderr };
};

/** The code cells of a notebook, with their outputs. */
export const codeCells = (folder: string, name: string): CodeCell[] => {
  const file = join(folder, name);
  return parseNotebook(readFileSync(file, 'utf8'), file).cells.filter(isCode);
};

/** What a cell claims and shows: the names of its checks, without figures, and how many pictures there are. */
const substance = ({ outputs }: CodeCell) => {
  const printed = outputs.map(textOf).join('\n');
  const checks = printed.split('\n').filter(line => line.startsWith('✓'));
  return {
    checks: checks.map(line => line.replace(/: [^:]*$/, '')),
    pictures: outputs.filter(o => 'data' in o && typeof o.data['image/png'] === 'string').length,
  };
};

/** Asserts that tslab runs these committed notebooks to their ends, with the same checks passed and pictures shown. */
export const assertRuns = (root: string, folder: string, names: readonly string[]): void => {
  const { status, said } = runTslab(root, names.map(name => `notebooks/${name}`).join(' '), folder);
  assert.equal(status, 0, said);
  for (const name of names) {
    const expected = codeCells('notebooks', name).map(substance);
    assert.ok(expected.some(({ checks }) => checks.length > 0) && expected.some(cell => cell.pictures > 0));
    assert.deepEqual(codeCells(folder, name).map(substance), expected, name);
  }
};

/** Why tslab cannot be compared here; false where it can. */
export const tslabSkip = (): string | false =>
  readOutcome(resolve('.'), 'tensorflow-binding')?.ready !== true &&
  'tfjs-node is not compiled here, and the committed outputs are those of TensorFlow';
