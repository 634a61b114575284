import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { before, test } from 'node:test';
import { checkNotebooks } from '../../../../../notebooks/kernel/runner/check/check-notebooks.js';
import { jupyterJson } from '../../../../../notebooks/kernel/runner/jupyter-json.js';
import { parseNotebook } from '../../../../../notebooks/kernel/runner/parse-notebook.js';
import { codeDigest, outputsDigest } from '../../../../../notebooks/kernel/runner/record/digests.js';
import type { Loaded } from '../../../../../notebooks/kernel/runner/record/result-types.js';
import { folderOf } from '../../../../support/files.js';
import { codeNotebook } from '../../../../support/notebook.js';

const { folder, write } = folderOf({
  'package.json': { name: 'own', type: 'module', exports: { './a': './a.ts' }, dependencies: { named: '1' } },
  'tsconfig.json': {
    compilerOptions: { strict: true, target: 'ES2022', module: 'Preserve', paths: { '@src/*': ['./src/*'] } },
  },
  'a.ts': 'export const a = 1;\n',
  'src/b.ts': 'export const b = 1;\n',
  'node_modules/named/index.d.ts': 'export declare const n: number;\nexport interface X {}\n',
  'node_modules/hidden/index.d.ts': 'export declare const h: number;\n',
  'node_modules/@scope/hidden/index.d.ts': 'declare const d: number;\nexport default d;\n',
});

const loaded = (name: string, json: string): Loaded => {
  const file = join(folder, name);
  return { file, json, notebook: parseNotebook(json, file) };
};

type Found = readonly [rule: string, cell: number | undefined, line: number | undefined, message: string];
const found = (...notebooks: readonly Loaded[]): Found[][] =>
  checkNotebooks(notebooks).map(({ problems }) =>
    problems.map(({ rule, at, message }) => [rule, at?.cell, at?.line, message] as const),
  );
const foundIn = (...cells: string[]): Found[] => found(loaded('x.ipynb', codeNotebook(cells)))[0]!;
const short = (...cells: string[]) => foundIn(...cells).map(([rule, cell, line]) => `${rule} ${cell}:${line}`);

test('a type error is told with cell and line, and a cell that is meant to fail may have one', () => {
  const [[rule, cell, line, message] = []] = foundIn('const a = 1;', '\na.b;');
  assert.deepEqual([rule, cell, line], ['types', 2, 2]);
  assert.match(message!, /^TS2339: Property 'b' does not exist/);
  const notebook = JSON.parse(codeNotebook(['const a: string = 1;', 'skipped;']));
  notebook.cells[0].metadata.tags = ['raises-exception'];
  notebook.cells[1].metadata.tags = ['skip-execution'];
  assert.deepEqual(found(loaded('x.ipynb', JSON.stringify(notebook))), [[]]);
});

test('a name that is used above its declaration says where it is, and a cycle that moving does not help', () => {
  assert.deepEqual(
    foundIn('one;\nconst two = 1;', 'const one = 1;', 'const f = (): number => g();', 'const g = (): number => f();'),
    [
      ['order', 1, 1, 'one is declared below, in cell 2: move that cell up'],
      ['cycle', 3, 1, 'g comes from cell 4, which needs this cell in turn'],
    ],
  );
  assert.deepEqual(short('performance.now();', 'const performance = 1;', 'performance;'), []);
});

test('a package that nobody has asked for is told, and nothing of what is no package or is named', () => {
  const said = foundIn(
    "import { n } from 'named';\nimport { h } from 'hidden';\nn + h;",
    "import d from '@scope/hidden';\nimport { join } from 'node:path';\nimport { a } from 'own/a';\nimport { b } from '@src/b.js';",
    "export type * from 'hidden/deep.js';\n[d, join, a, b];\nawait import('hidden');",
  );
  assert.deepEqual(
    said.filter(([rule]) => rule === 'package'),
    [
      ['package', 1, 2, 'no package.json names hidden: npm install hidden'],
      ['package', 2, 1, 'no package.json names @scope/hidden: npm install @scope/hidden'],
      ['package', 3, 1, 'no package.json names hidden: npm install hidden'],
      ['package', 3, 3, 'no package.json names hidden: npm install hidden'],
    ],
  );
});

test('chance is told where there is a seed, and only there', () => {
  const chance =
    'Math.random() + Date.now();\nnew Date();\nnew Date(0);\nglobalThis.Math.random();\nDate();\nnew Map();';
  assert.deepEqual(short(chance), []);
  const expected = ['seed 2:1', 'seed 2:1', 'seed 2:2', 'seed 2:4', 'seed 2:5'];
  assert.deepEqual(short('const seed = 1;', chance), expected);
  assert.deepEqual(short('process.env.SEED;', chance), expected);
  assert.deepEqual(short("process.env['SEED'];", chance), expected);
});

test('a promise that nobody awaits is told, and an import that nobody uses', () => {
  const cell = "import { n } from 'named';\nPromise.resolve(1);";
  assert.deepEqual(short(cell, '`n`;'), ['unused 1:1', 'promise 1:2']);
  assert.deepEqual(short(cell, 'n;'), ['promise 1:2']);
  assert.deepEqual(short(cell, 'const = n'), ['promise 1:2', 'syntax 2:1']);
});

test('a notebook that tells of its run is held to that, and one that does not is not', () => {
  const notebook = JSON.parse(codeNotebook(['1;']));
  const read = parseNotebook(JSON.stringify(notebook), 'x.ipynb');
  notebook.metadata.tsnb = { code: codeDigest(read), outputs: outputsDigest(read), environment: {} };
  const rules = () => found(loaded('x.ipynb', JSON.stringify(notebook)))[0]!.map(each => each[3]);
  assert.deepEqual(rules(), []);
  notebook.cells[0].source = '2;';
  assert.deepEqual(rules(), ['its outputs are those of other code: run it again']);
  notebook.cells[0].outputs = [{ output_type: 'stream', name: 'stdout', text: 'x' }];
  assert.equal(rules().length, 2);
});

test('what notebooks add to the global scope stays with them', () => {
  const adds = (type: string) => [`declare global { var shared: ${type}; }`, 'shared;'];
  const named = (name: string, type: string) => loaded(name, codeNotebook(adds(type)));
  assert.deepEqual(
    found(named('1.ipynb', 'number'), named('2.ipynb', 'string'), loaded('3.ipynb', codeNotebook(['1;']))),
    [[], [], []],
  );
});

test('nothing is wrong with the committed notebooks', () => {
  const files = readdirSync('notebooks').filter(name => name.endsWith('.ipynb'));
  const all = files.map(name => {
    const file = join('notebooks', name);
    const json = readFileSync(file, 'utf8');
    return { file, json, notebook: parseNotebook(json, file) };
  });
  assert.deepEqual(
    checkNotebooks(all).flatMap(({ file, problems }) => problems.map(each => [file, each])),
    [],
  );
});

const program = resolve('notebooks/kernel/bin/tsnb.mjs');
const check = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'check', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

before(() => {
  write('bad.ipynb', `${jupyterJson(JSON.parse(codeNotebook(['const a = 1;', '\n\na.b;'])))}\n`);
  const unused =
    "import { a } from './a.js';\nimport { n, n as m } from 'named';\nimport type { X } from 'named';\n\nm;";
  write('unused.ipynb', codeNotebook([unused]));
  write(
    'python.ipynb',
    JSON.stringify({ ...JSON.parse(codeNotebook([])), metadata: { kernelspec: { name: 'python3' } } }),
  );
});

test('the exit code tells errors, warnings alone and what cannot be read apart', () => {
  const bad = check('bad.ipynb');
  assert.equal(bad.status, 1);
  assert.match(bad.stdout, /^bad\.ipynb, cell 2, line 3:3: error types: TS2339: /);
  assert.match(check('python.ipynb').stderr, /python\.ipynb is a notebook in python/);
  const [missing, wrong] = [check('no.ipynb'), check('--format', 'xml', 'bad.ipynb')];
  assert.deepEqual([missing.status, wrong.status], [2, 2]);
});

test('what is safe is mended, and loading stays', () => {
  const before = check('unused.ipynb');
  assert.equal(before.status, 0, before.stdout);
  assert.match(before.stdout, /warning unused: a is imported and no cell uses it/);
  const { status, stdout, stderr } = check('--fix', 'unused.ipynb');
  assert.match(stderr, /unused\.ipynb: unused imports taken out of 1 cell/);
  assert.deepEqual([status, stdout], [0, '1 notebook: nothing to tell\n']);
  const [cell] = JSON.parse(readFileSync(join(folder, 'unused.ipynb'), 'utf8')).cells;
  assert.equal(cell.source.join(''), "import './a.js';\nimport { n as m } from 'named';\n\nm;");
});

test('SARIF, JSON and GitHub’s commands name the line of the notebook’s file', () => {
  const line =
    readFileSync(join(folder, 'bad.ipynb'), 'utf8')
      .split('\n')
      .findIndex(text => text.includes('a.b;')) + 1;
  const [result] = JSON.parse(check('--format', 'sarif', 'bad.ipynb').stdout).runs[0].results;
  assert.equal(result.ruleId, 'types');
  assert.deepEqual(result.locations[0].physicalLocation, {
    artifactLocation: { uri: 'bad.ipynb' },
    region: { startLine: line },
  });
  const title = 'title=bad, cell 2: types'.replace(',', '%2C').replace(':', '%3A');
  assert.ok(
    check('--format', 'github', 'bad.ipynb').stdout.startsWith(`::error file=bad.ipynb,line=${line},${title}::TS2339`),
  );
  const [problem] = JSON.parse(check('--format', 'json', 'bad.ipynb').stdout);
  assert.deepEqual(
    [problem.file, problem.id, problem.cell, problem.line, problem.column],
    ['bad.ipynb', 'c1', 2, 3, 3],
  );
});
