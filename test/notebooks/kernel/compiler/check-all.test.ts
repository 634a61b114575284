import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkAll } from '../../../../notebooks/kernel/compiler/check-all.js';
import { createCompiler } from '../../../../notebooks/kernel/compiler/compiler.js';
import { placeOf } from '../../../../notebooks/kernel/compiler/pieces.js';
import { findProject } from '../../../../notebooks/kernel/project/project.js';
import { folderOf } from '../../../support/files.js';

const { folder } = folderOf({
  'tsconfig.json': {
    compilerOptions: { strict: true, target: 'ES2022', module: 'NodeNext', moduleResolution: 'NodeNext', jsx: 'react' },
  },
  'package.json': { type: 'module' },
  'shapes.ts':
    'export interface Shape { area: number }\nexport const square = (a: number): Shape => ({ area: a * a });\n',
});
const project = findProject(folder);

const FIRST = "import { type Shape, square } from './shapes.js';\nlet count = 0;\nconst one: Shape = square(1);";
const CELLS = [
  'count = 2; one.area;',
  "count = 'two';",
  'one.volume;\nsquare();',
  'missing;',
  "import { cube } from './shapes.js';\ncube;",
  "// @ts-expect-error\nimport { cube } from './shapes.js';",
  "import * as gone from 'nowhere';",
  'const = 3;',
  '{ a: one, b: missing }',
  'const React = { createElement: (...all: unknown[]) => all };\n<p>{count}</p>;',
  '<T,>(x: T) => x.y;',
  'const count = 1; const count = 2;',
  'export const f = (): string => 1;',
];

test('a cell has the errors that it has when it is checked alone, after those above it', () => {
  const compiler = createCompiler(project);
  try {
    const alone = CELLS.map(code => {
      compiler.clear();
      assert.equal(compiler.check(FIRST).ok, true);
      const said = compiler.check(code);
      return said.ok ? [] : said.errors.map(({ message, line, column }) => [message, line, column]);
    });
    const together = checkAll(
      project,
      CELLS.map(code => [FIRST, code]),
    ).map(([, cell]) =>
      cell!.findings.map(({ code, message, start }) => {
        const { line, column } = placeOf(cell!.reading.text, start);
        return [code > 0 ? `TS${code}: ${message}` : message, line, cell!.reading.column(line - 1, column - 1) + 1];
      }),
    );
    assert.deepEqual(together, alone);
    assert.equal(alone.filter(errors => errors.length > 0).length, 11);
  } finally {
    compiler.close();
  }
});

test('notebooks do not see each other’s names, and a cell sees the declaration above it', () => {
  const [a, b] = checkAll(project, [
    ['const x = 1;', 'x.toFixed();', "const x = 'a';", 'x.toFixed();'],
    ['x;', 'const x = 1;'],
  ]);
  assert.deepEqual(
    [a, b].map(cells => cells!.map(({ findings }) => findings.map(({ code }) => code))),
    [
      [[], [], [], [2551]],
      [[2304], []],
    ],
  );
});

test('after a cell that cannot be read nobody knows which names there are', () => {
  const [cells] = checkAll(project, [['const y = 1;', 'const z = ;', 'z + 1;', "y.z; const n: number = '';"]]);
  assert.deepEqual(
    cells!.map(({ findings }) => findings.map(({ code }) => code)),
    [[], [1109], [], [2339, 2322]],
  );
});

test('a promise that is left alone is told wherever it is, and none that somebody has thought of', () => {
  const code = [
    'const p = (): Promise<number> => Promise.resolve(1);',
    'p();',
    'await p(); void p(); p().catch(() => 2); p().then(Number, Number);',
    'const f = () => { p().then(Number); return p(); };',
    'const maybe = undefined as Promise<void> | undefined;',
    'maybe',
    'f().finally(() => undefined);',
    "import('node:fs')",
    'new (class { then() {} })();',
    '[p()]; Number(p());',
  ].join('\n');
  const [[cell]] = checkAll(project, [[code]]) as [[ReturnType<typeof checkAll>[0][0]]];
  assert.deepEqual(cell.findings, []);
  assert.deepEqual(
    cell.promises.map(({ start }) => placeOf(code, start).line),
    [2, 4, 6, 7, 8, 9],
  );
});
