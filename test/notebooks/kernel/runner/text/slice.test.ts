import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { findProject } from '../../../../../notebooks/kernel/project/project.js';
import { parseNotebook } from '../../../../../notebooks/kernel/runner/parse-notebook.js';
import { oneModule } from '../../../../../notebooks/kernel/runner/text/one-module.js';
import { slice } from '../../../../../notebooks/kernel/runner/text/slice.js';
import { codeNotebook } from '../../../../support/notebook.js';
import { slow } from '../../../../support/slow.js';

mkdirSync('.build', { recursive: true });
const folder = mkdtempSync('.build/slice-');
after(() => rmSync(folder, { recursive: true }));

const project = findProject(resolve('notebooks'));
const sliced = (sources: readonly string[], cell = String(sources.length)): string => {
  const parts = slice(parseNotebook(codeNotebook(sources), 'a.ipynb'), cell);
  return oneModule(parts, { project, title: 'a.ipynb', file: join(folder, 'a.ts') });
};

test('a cell takes with it what declares and what changes the names that it needs, and nothing else', () => {
  const cells = ['const a = [1];', 'const b = 2;', 'a.push(3)', 'const f = () => a.length', 'b;', 'let c = f();\nc'];
  assert.equal(
    sliced(cells),
    [
      ...['// a.ipynb, cells 1, 3, 4, 6', '', '// cell 1', 'const a = [1];', '', '// cell 3', 'a.push(3);', ''],
      ...[
        '// cell 4',
        'const f = () => a.length;',
        '',
        '// cell 6',
        'let c = f();',
        'c;',
        '',
        'export { a, f, c };',
        '',
      ],
    ].join('\n'),
  );
  assert.match(sliced(cells, 'c1'), /^\/\/ a\.ipynb, cell 2\n\n\/\/ cell 2\nconst b = 2;\n/);
});

test('imports stand at the top, once, without names that nobody uses; what loading does stays', () => {
  const text = sliced([
    "import * as fs from 'node:fs';\nimport { a, unused } from './lib/index.js';\nimport type { T } from './lib/index.js';",
    "import './lib/train/index.js';\nimport { b as c, type T as U } from '../lib/index.js';\nimport { x } from 'gone';",
    "const v: [T, U] = [a, c];\nconst later = import('./lib/rng/index.js');",
  ]);
  assert.match(text, /^import '\.\.\/\.\.\/lib\/train\/index\.js';$/m);
  assert.match(text, /^import \{ type T, type T as U, a, b as c \} from '\.\.\/\.\.\/lib\/index\.js';$/m);
  assert.match(text, /^import 'gone';$/m);
  assert.match(text, /import\("\.\.\/\.\.\/lib\/rng\/index\.js"\)/);
  assert.doesNotMatch(text, /node:fs|unused/);
});

test('of a module for its types alone, one import says whether it is loaded', () => {
  const from = "from './lib/index.js';";
  const [use, name] = ['let x: Rng;', "import { type Rng } from '../../lib/index.js';"];
  assert.match(sliced([`import { type Rng } ${from}`, use]), new RegExp(`^${name}$`, 'm'));
  assert.match(sliced([`import type { Rng } ${from}`, use]), new RegExp(`^${name.replace('{ type', 'type {')}$`, 'm'));
});

test('what cannot be one module is refused with the cells and the way out', () => {
  assert.throws(() => sliced(['let a = 1;', 'const f = () => a;', 'let a = 2;', 'f() + a;']), {
    message: 'cells 1 and 3 are both needed, and both declare a: rename one of them',
  });
  assert.throws(() => sliced(['Out[1]']), /Out is used, which only the kernel has/);
  assert.throws(() => sliced(['1;'], 'nine'), /no cell nine: give an id, or a number from 1 to 1/);
  assert.throws(() => sliced(['const = 1', '1;']), /cell 1: /);
});

/** The compiler's own words about all modules in the folder, with the project's settings. */
const compiled = (): string => {
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', include: ['.'] }));
  return spawnSync('node_modules/typescript/bin/tsc', ['-p', folder], { encoding: 'utf8' }).stdout;
};

test('types go with the cells: exported as types, an object literal as one, and tsc has nothing to say', () => {
  const cells = [
    'export interface P { x: number }\ntype Q = P | undefined;\nenum E { A }',
    "let mode: 'a' | 'b' = 'a';",
    '{ x: 1 }',
    "const q: Q = mode === 'b' ? undefined : { x: E.A };\nconst all = [mode, q]",
  ];
  writeFileSync(join(folder, 'a.ts'), sliced(cells));
  assert.equal(compiled(), '');
  assert.match(readFileSync(join(folder, 'a.ts'), 'utf8'), /export \{ type P, type Q, E, mode, q, all \};/);
  assert.match(sliced(cells, '3'), /\(\{ x: 1 \}\n\);/);
});

test('the slice of each notebook’s last cells compiles', { skip: slow('tsc over 110 modules') }, () => {
  let shorter = 0;
  for (const name of readdirSync('notebooks').filter(name => name.endsWith('.ipynb'))) {
    const notebook = parseNotebook(readFileSync(`notebooks/${name}`, 'utf8'), name);
    const numbers = notebook.cells.flatMap((cell, i) => (cell.cell_type === 'code' ? [i + 1] : []));
    for (const number of numbers.slice(-5)) {
      const file = join(folder, `${name}-${number}.ts`);
      const parts = slice(notebook, String(number));
      writeFileSync(file, oneModule(parts, { project, title: name, file }));
      if (parts.length < numbers.indexOf(number) + 1) shorter++;
    }
  }
  assert.equal(compiled(), '');
  assert.ok(shorter > 90, `${shorter} slices leave cells out`);
});
