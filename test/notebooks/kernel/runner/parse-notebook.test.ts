import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNotebook } from '../../../../notebooks/kernel/runner/parse-notebook.js';

const notebook = (...cells: object[]): string =>
  JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 4 });
const code = { cell_type: 'code', source: ['a\n', 'b'], outputs: [], metadata: {} };

test('text may be a string or a list of lines', () => {
  const { cells } = parseNotebook(notebook(code, { ...code, source: 'a\nb' }), 'x.ipynb');
  assert.deepEqual(
    cells.map(cell => cell.source),
    ['a\nb', 'a\nb'],
  );
});

test('cells without ids get different ones, the same at each reading', () => {
  const json = notebook(code, code);
  const ids = () => parseNotebook(json, 'x.ipynb').cells.map(cell => cell.id);
  assert.equal(new Set(ids()).size, 2);
  assert.deepEqual(ids(), ids());
});

const refused: readonly (readonly [string, string, RegExp])[] = [
  ['text that is not JSON', '{"cells": [', /x\.ipynb: not JSON .*restore the file/],
  ['merge conflicts', '{\n<<<<<<< HEAD\n', /x\.ipynb.*merge conflict markers: resolve/],
  ['an old format', '{"nbformat": 3}', /nbformat 3; convert it/],
  ['a missing list of cells', '{"nbformat": 4}', /cells is not a list/],
  ['an unknown cell', notebook(code, { ...code, cell_type: 'heading' }), /x\.ipynb, cell 2: cell_type "heading"/],
  ['code without outputs', notebook({ cell_type: 'code', source: '' }), /cell 1: outputs is not a list; give/],
  ['source that is no text', notebook({ ...code, source: 5 }), /cell 1: source is neither/],
  [
    'two cells with one id',
    notebook({ ...code, id: 'a' }, { ...code, id: 'a' }),
    /cell 2: its id a is also that of cell 1/,
  ],
  ['an unknown output', notebook({ ...code, outputs: [{ output_type: 'pyout' }] }), /"pyout".*clear the outputs/],
];

for (const [what, json, message] of refused) {
  test(`${what} is refused with its place and the way out`, () => {
    assert.throws(() => parseNotebook(json, 'x.ipynb'), message);
  });
}
