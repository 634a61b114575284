import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const lib = fileURLToPath(new URL('../../lib/', import.meta.url));

/** The rooms of lib in order: a file imports from its own room and from those before it. */
const order = [
  'errors.ts',
  'math',
  'rng',
  'types.ts',
  'rows.ts',
  'process',
  'score',
  'samplers',
  'solve',
  'adaptive',
  'exact',
  'nn',
  'loss',
  'train',
  'models',
  'likelihood',
  'control',
  'discrete',
  'metrics',
  'index.ts',
];

const files = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .map(name => name.replaceAll('\\', '/'))
  .filter(name => name.endsWith('.ts'));
const roomOf = (file: string): string => file.split('/')[0]!;
const importsOf = (file: string): string[] =>
  [...readFileSync(join(lib, file), 'utf8').matchAll(/from '(\.[^']+)\.js'/g)].map(([, to]) =>
    posix.join(posix.dirname(file), `${to}.ts`),
  );

test('imports of lib point up the list of rooms, never down', () => {
  for (const file of files) {
    assert.ok(order.includes(roomOf(file)), `${file} lies in no room of the list`);
    for (const to of importsOf(file)) {
      const [from, target] = [order.indexOf(roomOf(file)), order.indexOf(roomOf(to))];
      assert.ok(target >= 0 && target <= from, `${file} imports ${to}`);
    }
  }
});

test('every room has an index, and every file of a room is named in kebab case', () => {
  for (const room of order.filter(name => !name.endsWith('.ts'))) assert.ok(files.includes(`${room}/index.ts`), room);
  for (const file of files) assert.match(file, /^([a-z0-9]+(-[a-z0-9]+)*\/)?[a-z0-9]+(-[a-z0-9]+)*\.ts$/);
});

test('the face of the library names at most 150 things', async () => {
  const text = readFileSync(join(lib, 'index.ts'), 'utf8');
  const names = [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list]) =>
    list!.split(',').filter(name => name.trim() !== ''),
  );
  assert.ok(names.length > 100 && names.length <= 150, `${names.length}`);
});
