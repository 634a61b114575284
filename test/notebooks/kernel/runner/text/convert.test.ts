import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { main } from '../../../../../notebooks/kernel/runner/text/convert.js';

const folder = mkdtempSync(join(tmpdir(), 'convert-'));
after(() => rmSync(folder, { recursive: true }));
const program = resolve('notebooks/kernel/bin/tsnb.mjs');
const tsnb = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8' });
const at = (name: string) => join(folder, name);

const output = { output_type: 'stream', name: 'stdout', text: ['kept\n'] };
const cellOf = (id: string, source: string) => ({
  cell_type: 'code',
  execution_count: 3,
  id,
  metadata: {},
  outputs: [output],
  source: [source],
});
const notebook = (...cells: object[]) =>
  `${JSON.stringify({ cells, metadata: { a: 1 }, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;

const cellsIn = (name: string): { id: string; source: string[]; outputs: unknown[] }[] =>
  JSON.parse(readFileSync(at(name), 'utf8')).cells;

test('over a notebook, cells whose source is as it was keep their outputs, wherever they are by then', () => {
  writeFileSync(at('a.ipynb'), notebook(cellOf('x', '1;'), cellOf('y', '2;'), cellOf('z', '3;')));
  assert.equal(tsnb('convert', 'a.ipynb').status, 0);
  const text = readFileSync(at('a.ts'), 'utf8');
  const [head, first, second, third] = text.split(/^(?=\/\/ %%)/m);
  writeFileSync(at('a.ts'), [head, third, '\n', first, '// %%\nnew;\n\n', second?.replace('2;', '22;')].join(''));
  assert.equal(tsnb('convert', 'a.ts').status, 0);
  const cells = cellsIn('a.ipynb');
  assert.deepEqual(
    cells.map(({ id, source, outputs }) => [id, source.join(''), outputs.length]),
    [
      ['z', '3;', 1],
      ['x', '1;', 1],
      [cells[2]!.id, 'new;', 0],
      ['y', '22;', 0],
    ],
  );
  assert.deepEqual(cells[0]!.outputs, [output]);
});

test('a file of hand gets ids that stay, the ids of equal cells that were there, and the kernel', () => {
  writeFileSync(at('b.ts'), '// %%\nlet a = 1;\n\n// %% id="q"\na;\n\n// %% id="q"\na;\n');
  assert.equal(tsnb('convert', 'b.ts').status, 0);
  const first = readFileSync(at('b.ipynb'), 'utf8');
  assert.equal(new Set(cellsIn('b.ipynb').map(({ id }) => id)).size, 3);
  assert.equal(JSON.parse(first).metadata.kernelspec.name, 'tsnb');
  writeFileSync(at('b.ts'), `// %%\nbefore;\n\n${readFileSync(at('b.ts'), 'utf8')}`);
  assert.equal(tsnb('convert', 'b.ts').status, 0);
  assert.deepEqual(
    cellsIn('b.ipynb')
      .slice(1)
      .map(({ id }) => id),
    JSON.parse(first).cells.map(({ id }: { id: string }) => id),
  );
});

test('a file that is neither, and one that is it already, are named with the way out', () => {
  writeFileSync(at('c.txt'), '');
  writeFileSync(at('c.ipynb'), '{}');
  writeFileSync(at('c.ts'), 'export {};\n');
  for (const [args, said] of [
    [['c.txt'], /c\.txt is neither a notebook nor TypeScript: give \.ipynb or \.ts/],
    [['c.ipynb'], /c\.ipynb: nbformat undefined/],
    [['c.ts'], /c\.ts has no cell/],
    [['--to', 'ts', 'c.ts'], /c\.ts is TypeScript already/],
    [['--to', 'ipynb', 'c.ipynb'], /c\.ipynb is a notebook already/],
  ] as const) {
    assert.throws(() => main(args.map(each => (each.startsWith('c.') ? at(each) : each))), said);
  }
  assert.equal(readFileSync(at('c.ts'), 'utf8'), 'export {};\n');
  for (const args of [
    ['--to', 'py', 'c.ts'],
    ['-o', 'x.ts', 'c.ipynb', 'a.ipynb'],
  ])
    assert.equal(main(args), 2);
});

test('git shows what has changed in the cells, without outputs, and a notebook in conflict as it is', () => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder, encoding: 'utf8' });
  git('init', '-q');
  writeFileSync(at('.gitattributes'), '*.ipynb diff=tsnb\n');
  writeFileSync(at('d.ipynb'), notebook(cellOf('x', 'const a = 1;')));
  git('add', '.gitattributes', 'd.ipynb');
  git('commit', '-q', '-m', 'one');
  writeFileSync(at('d.ipynb'), notebook({ ...cellOf('x', 'const a = 2;'), outputs: [] }));
  assert.match(git('diff', 'd.ipynb'), /kept/, 'without a setting git takes no notice of the attribute');
  git('config', 'diff.tsnb.textconv', `"${process.execPath}" "${program}" convert --textconv`);
  const changed = git('diff', 'd.ipynb')
    .split('\n')
    .filter(line => /^[-+] ?[^-+]/.test(line));
  assert.deepEqual(changed, ['-const a = 1;', '+const a = 2;']);
  writeFileSync(at('d.ipynb'), '<<<<<<< ours\n{}\n');
  assert.match(git('diff', 'd.ipynb'), /\+<<<<<<< ours/);
});
