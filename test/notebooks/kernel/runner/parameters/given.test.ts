import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { literal, readGiven, readings } from '../../../../../notebooks/kernel/runner/parameters/given.js';

const folder = mkdtempSync(join(tmpdir(), 'given-'));
after(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

test('a word of the command line is read as JSON where it is some, and as text', () => {
  assert.deepEqual(readings('5'), [5, '5']);
  assert.deepEqual(readings('[1, 2]'), [[1, 2], '[1, 2]']);
  assert.deepEqual(readings('-Infinity'), [Number.NEGATIVE_INFINITY, '-Infinity']);
  assert.deepEqual(readings('full'), ['full']);
  assert.deepEqual(readings(''), ['']);
});

test('a file gives the same in YAML and in JSON', () => {
  const yaml = readGiven(file('a.yaml', 'rate: 0.1 # per step\nsizes: [1, 2]\nlabel: full\nlimit: .inf\n'));
  const json = readGiven(file('a.json', '{ "rate": 0.1, "sizes": [1, 2], "label": "full" }'));
  assert.deepEqual(yaml, { ...json, limit: [Number.POSITIVE_INFINITY] });
  assert.deepEqual(json.sizes, [[1, 2]]);
});

test('a file that is none is refused by name', () => {
  assert.throws(() => readGiven(file('b.yaml', 'rate: [1')), /b\.yaml: .*line 1/);
  assert.throws(() => readGiven(file('c.yaml', '- 1')), /c\.yaml: give the parameters by name/);
});

test('a literal evaluates to its value', () => {
  const values = [
    0.1,
    -0,
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    'it\'s \u2028 "b"',
    null,
    [1, ['x']],
    { 'a b': { c: true } },
  ];
  for (const value of values) assert.deepEqual(new Function(`return (${literal(value)});`)(), value);
});
