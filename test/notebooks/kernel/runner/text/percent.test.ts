import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { jupyterJson } from '../../../../../notebooks/kernel/runner/jupyter-json.js';
import { parseNotebook } from '../../../../../notebooks/kernel/runner/parse-notebook.js';
import type { Cell, Notebook } from '../../../../../notebooks/kernel/runner/record/nbformat.js';
import { join } from '../../../../../notebooks/kernel/runner/text/join.js';
import { read, write } from '../../../../../notebooks/kernel/runner/text/percent.js';

const names = readdirSync('notebooks').filter(name => name.endsWith('.ipynb'));

test('every committed notebook comes back byte for byte, but for its outputs', () => {
  assert.ok(names.length > 20);
  for (const name of names) {
    const file = `notebooks/${name}`;
    const json = readFileSync(file, 'utf8');
    const text = write(parseNotebook(json, file));
    const notebook = JSON.parse(json);
    const bare = notebook.cells.map((cell: object) => ('outputs' in cell ? { ...cell, outputs: [] } : cell));
    assert.equal(join(read(text, 'x.ts')), `${jupyterJson({ ...notebook, cells: bare })}\n`, file);
    assert.equal(join(read(text, 'x.ts'), { json, file }), json, file);
  }
});

/** Lines that look like what the format is made of. */
const hostile = fc.constantFrom(
  ...['', ' ', '//', '// ', '// %%', '// %% [markdown] id="x"', '  // %%', '//%%', '// // %%', '//  // %% a', '%%'],
  ...['%% x', '  %%%', '// ---', '---', '// jupyter:', '```', '\t// %%\t', '// %%x', '#!x', '// coding: y', '\u2028'],
  ...['a\r', '// %%\r', '\ra', '// %% a\r', 'const a = `', '// %% `;', '\ufeff', '// %%\u2029// %%', '🙂'],
);
const source = fc
  .array(fc.oneof(hostile, fc.string(), fc.string({ unit: 'binary' })), { maxLength: 6 })
  .map(lines => lines.join('\n'));
const key = fc.oneof(
  fc.constantFrom(
    'tags',
    'id',
    'newlines',
    'title',
    'source',
    'metadata',
    'attachments',
    'cell_depth',
    'a b',
    'a=b',
    '',
    'é',
  ),
  fc.constantFrom('__proto__', '[raw]', '{', 'jupyter'),
  fc.string(),
);
const value = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' });
const metadata = fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true });
const cell = fc
  .record({ type: fc.constantFrom('code', 'markdown', 'raw'), source, metadata, pasted: fc.boolean() })
  .map(({ type, source, metadata, pasted }) => {
    if (type === 'code') return { cell_type: type, source, metadata, outputs: [] };
    const attachments = { 'a b.png': { 'image/png': 'aGk=' } };
    return { cell_type: type, source, metadata, ...(pasted && { attachments }) };
  });
const notebook = fc
  .record({ cells: fc.array(cell, { maxLength: 5 }), metadata })
  .map(({ cells, metadata }) => ({ metadata, cells: cells.map((each, i) => ({ ...each, id: `c${i}` })) }) as Notebook);

const plain = ({ cells, metadata }: Notebook) =>
  JSON.parse(
    JSON.stringify({ metadata, cells: cells.map(({ outputs: _, ...rest }: Cell & { outputs?: unknown }) => rest) }),
  );

test('any notebook comes back, and what is written again is the same text', () => {
  fc.assert(
    fc.property(notebook, given => {
      const text = write(given);
      const found = read(text, 'x.ts');
      assert.deepEqual(JSON.parse(JSON.stringify(found)), plain(given));
      const again = write(parseNotebook(join(found), 'x.ipynb'));
      assert.equal(write(parseNotebook(join(read(again, 'x.ts')), 'x.ipynb')), again);
    }),
    { numRuns: 300 },
  );
});

test('an editor of Windows may change the ends of all lines', () => {
  fc.assert(
    fc.property(notebook, given => {
      const text = write(given);
      fc.pre(!text.includes('\r'));
      assert.deepEqual(read(text.replaceAll('\n', '\r\n'), 'x.ts'), read(text, 'x.ts'));
    }),
  );
});

test('empty lines between cells and at the end are nobody’s, so that cells can be moved', () => {
  const { cells } = read('// %%\na;\n\n\n\n// %%\n// %% newlines=1\n\nb;\n// %% [markdown]\n// c\n//\n\n\n', 'x.ts');
  assert.deepEqual(
    cells.map(each => each.source),
    ['a;', '', '\nb;\n', 'c\n'],
  );
});

test('a line of code that looks like a marker stands behind a comment sign, all else as it is', () => {
  const cells = ['// %% [markdown]\n// note\n\nx;', '%matplotlib'].map((source, i) => ({
    cell_type: 'code' as const,
    id: `${i}`,
    source,
    metadata: {},
    outputs: [],
  }));
  const text = write({ cells, metadata: {} });
  assert.match(text, /\/\/ %% id="0"\n\/\/ \/\/ %% \[markdown\]\n\/\/ note\n\nx;\n\n\/\/ %% id="1"\n%matplotlib\n$/);
});

test('what jupytext writes is read: titles, depth, other names of text, JSON, keys without quotes', () => {
  const { cells } = read(
    [
      ...['// %% [md] tags=["a"]', '//# Title', '', '// %%% A title: b=c', '1', '', '// %% {"a b": 1}', '2', ''],
      ...['// %% Part [raw] x="[markdown] y=1" y={"z": "}"}', '// r'],
    ].join('\n'),
    'x.ts',
  );
  assert.deepEqual(
    cells.map(({ cell_type, source, metadata }) => [cell_type, source, metadata]),
    [
      ['markdown', '# Title', { tags: ['a'] }],
      ['code', '1', { cell_depth: 1, title: 'A title: b=c' }],
      ['code', '2', { 'a b': 1 }],
      ['raw', 'r', { title: 'Part', x: '[markdown] y=1', y: { z: '}' } }],
    ],
  );
});

test('the line on the encoding is no cell, and a comment that is like it is one', () => {
  const sources = (text: string) => read(text, 'x.ts').cells.map(({ source }) => source);
  assert.deepEqual(sources('// -*- coding: utf-8 -*-\n// ---\n// jupyter: {}\n// ---\n\n// %%\na;\n'), ['a;']);
  assert.deepEqual(sources('// decoding: base64\n\n// %%\na;\n'), ['// decoding: base64', 'a;']);
});

test('code before the first marker is a cell, and a header of other things a raw one', () => {
  const { cells, metadata } = read('// ---\n// title: A\n// ---\n\nlet a = 1;\n\n// %%\na;\n', 'x.ts');
  assert.equal(metadata, undefined);
  assert.deepEqual(
    cells.map(({ cell_type, source }) => [cell_type, source]),
    [
      ['raw', '---\ntitle: A\n---'],
      ['code', 'let a = 1;'],
      ['code', 'a;'],
    ],
  );
});

test('a file without cells, and a header that is none, are refused by name', () => {
  assert.throws(() => read('export const a = 1;\n', 'a.ts'), /a\.ts has no cell: a line such as \/\/ %% begins one/);
  assert.throws(() => read('// ---\n// jupyter: 5\n// ---\n', 'a.ts'), /a\.ts: jupyter: in the header is 5/);
});
