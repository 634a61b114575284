import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { JSDOM } from 'jsdom';
import type { Cell, Notebook, Output } from '../../../../../notebooks/kernel/runner/record/nbformat.js';
import { align } from '../../../../../notebooks/kernel/runner/review/align.js';
import { compareNotebooks } from '../../../../../notebooks/kernel/runner/review/compare-notebooks.js';
import { cleanText } from '../../../../../notebooks/kernel/runner/write-notebook.js';

const folder = mkdtempSync(join(tmpdir(), 'diff-'));
after(() => rmSync(folder, { recursive: true }));

const printed = (text: string): Output => ({ output_type: 'stream', name: 'stdout', text });
const picture = (data: string): Output => ({
  output_type: 'display_data',
  data: { 'image/png': data, 'text/html': '<script>top.planted=1</script>' },
  metadata: {},
});
const code = (id: string, source: string, ...outputs: Output[]): Cell => ({
  cell_type: 'code',
  id,
  source,
  metadata: {},
  outputs,
});
const notebook = (...cells: Cell[]): Notebook => ({ cells, metadata: {} });
const before = notebook(
  code('a', 'one'),
  code('b', 'two\nlines', printed('1.00')),
  code('c', 'three'),
  code('d', 'same', printed('2')),
);
const next = notebook(
  code('a', 'one'),
  code('b', 'two\nrows', printed('1.01')),
  code('n', 'new'),
  code('x', 'same', printed('2.0000001')),
);

test('lists are aligned by what they have in common', () => {
  const pairs = align([...'abcd'], [...'axcdy'], (a, b) => a === b);
  assert.deepEqual(pairs.map(([a = '·', b = '·']) => a + b).join(' '), 'aa b· ·x cc dd ·y');
});

test('cells that are edited, new or gone, and outputs beyond the tolerance, are told apart', () => {
  const changes = compareNotebooks(before, next, { rtol: 1e-5, atol: 0 });
  assert.deepEqual(
    changes.map(({ number, before, after, lines }) => [number, before?.id, after?.id, lines]),
    [
      [2, 'b', 'b', ['  two', '- lines', '+ rows']],
      [3, 'c', undefined, ['- three']],
      [3, undefined, 'n', ['+ new']],
    ],
  );
  assert.match(changes[0]!.outputs!, /“1\.00” became “1\.01”/);
  assert.equal(compareNotebooks(before, next, { rtol: 0.1, atol: 0 })[0]!.outputs, undefined);
  assert.deepEqual(compareNotebooks(before, before, { rtol: 0, atol: 0 }), []);
});

test('the program prints the changes, and its page has both sides and nothing active', () => {
  const [a, b, page] = ['a.ipynb', 'b.ipynb', 'page.html'].map(name => join(folder, name)) as [string, string, string];
  writeFileSync(a, cleanText(notebook(code('p', 'plot', picture('aGk=')), code('q', 'q', printed('1')))));
  writeFileSync(b, cleanText(notebook(code('p', 'plot()', picture('aGk=')), code('q', 'q', picture('b2g=')))));
  const diff = (...args: string[]) =>
    spawnSync(process.execPath, ['notebooks/kernel/bin/tsnb.mjs', 'diff', ...args], { encoding: 'utf8' });
  const { status, stdout, stderr } = diff(a, b, '--html', page);
  assert.equal(status, 1, stderr);
  assert.match(stdout, /^cell 1\n {4}- plot\n {4}\+ plot\(\)\ncell 2\n {4}output 1 differs/);
  const { document } = new JSDOM(readFileSync(page, 'utf8')).window;
  const sides = document.querySelectorAll('.sides')[0]!.children;
  assert.deepEqual([sides[0]!.querySelectorAll('iframe').length, sides[1]!.querySelectorAll('iframe').length], [0, 1]);
  assert.equal(document.querySelectorAll('script').length, 0);
  assert.equal(diff(a, a).status, 0);
  assert.equal(diff(a).status, 2);
});
