import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const kernel = fileURLToPath(new URL('../../../notebooks/kernel', import.meta.url));

/** Every room with the rooms that its files may import, which stand below it. '.' is the kernel's own folder. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  package: ['bin', 'runner/html'],
  bin: [],
  '.': [
    'runner',
    'runner/review',
    'runner/text',
    'runner/check',
    'jupyter',
    'cells',
    'compiler',
    'project',
    '../files',
  ],
  'runner/review': ['runner', 'runner/html', 'runner/record', 'project', '../files'],
  'runner/check': ['runner', 'runner/record', 'compiler', 'project', '../files'],
  'runner/text': ['runner', 'runner/record', 'graph', 'compiler', 'project', '../files'],
  runner: ['runner/html', 'runner/parameters', 'runner/record', 'jupyter', 'project', '../files'],
  'runner/html': ['runner/record', '../files'],
  'runner/parameters': ['runner/record', 'compiler', 'project'],
  'runner/record': ['../cell'],
  jupyter: ['cells', 'compiler', 'link', '../files'],
  cells: ['graph', 'compiler', 'link', 'project'],
  graph: ['compiler', 'link', 'project'],
  user: ['user/show', 'compiler', 'link', 'project'],
  'user/show': ['link'],
  compiler: ['link', 'project'],
  link: ['project'],
  project: [],
  '../cell': [],
  '../files': [],
};

const files = readdirSync(kernel, { recursive: true, encoding: 'utf8' })
  .filter(name => /\.(?:ts|mjs|css|py)$/.test(name))
  .sort();

/** The files that a file imports, statically or not; what only looks like an import means no file. */
const imports = (file: string): string[] => {
  const source = readFileSync(join(kernel, file), 'utf8');
  const specifiers = [...source.matchAll(/\b(?:from|import)\s*\(?\s*'(\.\.?\/[^']+)'/g)].map(([, path]) => path!);
  const paths = specifiers.map(each => join(kernel, dirname(file), each));
  return paths.flatMap(path => [path, path.replace(/\.js$/, '.ts')].filter(existsSync).slice(0, 1));
};

const arrows = files.flatMap(file =>
  imports(file).map(to => ({ file, from: dirname(file), to: relative(kernel, dirname(to)) || '.' })),
);

test('every room is known, and there are no more than twenty', () => {
  const found = new Set(files.map(dirname));
  const known = Object.keys(ROOMS).filter(room => !room.startsWith('..'));
  assert.deepEqual([...found].sort(), known.sort());
  assert.ok(found.size <= 20);
});

test('every import between rooms is one that the picture has', () => {
  const wrong = arrows.filter(({ from, to }) => from !== to && !ROOMS[from]?.includes(to));
  assert.deepEqual(wrong, []);
  assert.ok(arrows.length > 200, `only ${arrows.length} imports were read`);
});

test('every arrow of the picture is used and points downward, so that no rooms import each other', () => {
  const order = Object.keys(ROOMS);
  for (const [from, below] of Object.entries(ROOMS)) {
    for (const to of below) {
      assert.ok(order.indexOf(from) < order.indexOf(to), `${from} → ${to} points upward`);
      assert.ok(
        arrows.some(arrow => arrow.from === from && arrow.to === to),
        `nothing in ${from} imports ${to}`,
      );
    }
  }
});

test('no two files have one name', () => {
  const names = files.map(file => basename(file).replace(/\.\w+$/, '')).filter(name => name !== 'index');
  assert.deepEqual(
    names.filter((name, at) => names.indexOf(name) !== at),
    [],
  );
});
