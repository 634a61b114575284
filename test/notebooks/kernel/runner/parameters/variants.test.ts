import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { type Given, readings } from '../../../../../notebooks/kernel/runner/parameters/given.js';
import { parameterSets, parseAxis } from '../../../../../notebooks/kernel/runner/parameters/matrix.js';
import { withParameters } from '../../../../../notebooks/kernel/runner/parameters/variants.js';
import type { Cell } from '../../../../../notebooks/kernel/runner/record/nbformat.js';
import type { Loaded } from '../../../../../notebooks/kernel/runner/record/result-types.js';

let folder = '';
before(() => {
  mkdirSync('.build', { recursive: true });
  folder = mkdtempSync(resolve('.build/variants-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const code = (id: string, source: string, ...tags: string[]): Cell => ({
  cell_type: 'code',
  id,
  source,
  metadata: { tags },
  outputs: [],
});
const TYPES = code('types', "type Scale = 'smoke' | 'full';");
const DECLARED = code(
  'p',
  "let scale: Scale = 'smoke';\nlet seed = 0;\nlet note = '';\nconst fixed = 1;\nlet sizes: number[] = [];",
  'parameters',
);
const USES = code('use', '[scale, seed]');
const notebook = (name: string, ...cells: Cell[]): Loaded => ({
  file: join(folder, name),
  json: '',
  notebook: { cells, metadata: {} },
});
const whole = (name = 'a.ipynb') => notebook(name, TYPES, DECLARED, USES);
const given = (words: Record<string, string>): Given =>
  Object.fromEntries(Object.entries(words).map(([name, text]) => [name, readings(text)]));
const once = (loaded: Loaded, words: Record<string, string>) =>
  withParameters([loaded], parameterSets(given(words), []));

test('values are read as their types ask and set behind the cell that declares them', () => {
  const [run] = once(whole(), { scale: 'full', seed: '7', note: '5', sizes: '[1, 2]' });
  assert.deepEqual(run!.parameters, { scale: 'full', seed: 7, note: '5', sizes: [1, 2] });
  assert.deepEqual(
    run!.notebook.cells.map(({ id }) => id),
    ['types', 'p', 'injected-parameters', 'use'],
  );
  assert.equal(
    run!.notebook.cells[2]!.source,
    '// Parameters\nscale = "full";\nseed = 7;\nnote = "5";\nsizes = [1, 2];',
  );
});

test('a cell that an earlier run has put in gives way', () => {
  const earlier = code('other', 'seed = 3;', 'injected-parameters');
  const [run] = once(notebook('a.ipynb', TYPES, DECLARED, earlier, USES), { seed: '1' });
  assert.deepEqual(
    run!.notebook.cells.map(({ id }) => id),
    ['types', 'p', 'injected-parameters', 'use'],
  );
});

test('whatever does not fit is named with its notebook and its type, all at once', () => {
  assert.throws(
    () => once(whole(), { scale: 'fast', seed: 'one', fixed: '2' }),
    ({ message }: Error) =>
      /a\.ipynb: scale = "fast"; TS2322.*'Scale'/.test(message) &&
      /a\.ipynb: seed = "one"; TS2322.*number/.test(message) &&
      /fixed is a constant: declare it with let/.test(message),
  );
  assert.throws(() => once(whole(), { sede: '1' }), /no notebook has a parameter sede: .*scale, seed/);
  assert.throws(() => once(notebook('a.ipynb', USES), { seed: '1' }), /no cell is tagged parameters/);
  const wrong = notebook('a.ipynb', code('p', "let seed: number = '';", 'parameters'));
  assert.throws(() => once(wrong, { seed: '1' }), /the cell tagged parameters does not pass: TS2322/);
});

test('a matrix makes a run of each combination that differs for the notebook', () => {
  const other = notebook('b.ipynb', code('p', 'let seed = 0;', 'parameters'));
  const without = notebook('c.ipynb', USES);
  const sets = parameterSets({}, [parseAxis('scale=smoke,full')!, parseAxis('seed=0,1')!]);
  const runs = withParameters([whole(), other, without], sets);
  assert.deepEqual(
    runs.map(({ file }) => file.slice(folder.length + 1)),
    [
      ...['a@scale=smoke,seed=0.ipynb', 'a@scale=smoke,seed=1.ipynb', 'a@scale=full,seed=0.ipynb'],
      ...['a@scale=full,seed=1.ipynb', 'b@seed=0.ipynb', 'b@seed=1.ipynb', 'c.ipynb'],
    ],
  );
  assert.equal(runs[3]!.source, whole().file);
  assert.deepEqual(runs[3]!.parameters, { scale: 'full', seed: 1 });
});
