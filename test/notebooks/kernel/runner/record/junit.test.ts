import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JSDOM } from 'jsdom';
import { annotations, fileLine } from '../../../../../notebooks/kernel/runner/record/annotations.js';
import { junit } from '../../../../../notebooks/kernel/runner/record/junit.js';
import type { Notebook } from '../../../../../notebooks/kernel/runner/record/nbformat.js';
import type { NotebookRun } from '../../../../../notebooks/kernel/runner/record/result-types.js';
import { cleanText } from '../../../../../notebooks/kernel/runner/write-notebook.js';

const code = (id: string, source: string) => ({ cell_type: 'code' as const, id, source, metadata: {}, outputs: [] });
const notebook: Notebook = {
  metadata: {},
  cells: [
    { cell_type: 'markdown', id: 'm', source: '# Title\n', metadata: {} },
    code('a', '// first, with <angles> & "quotes"\n1'),
    code('b', 'const x = 1;\nthrow x;'),
    code('c', 'never()'),
    code('d', '  '),
  ],
};
const run: NotebookRun = {
  file: 'notebooks/x.ipynb',
  notebook,
  cells: [
    { index: 1, status: 'ok', milliseconds: 1500 },
    { index: 2, status: 'failed', milliseconds: 2, reason: 'Error: \u0000 <b> & more', line: 2 },
  ],
  status: 'failed',
  started: new Date(0),
  milliseconds: 1502,
  provenance: { kernel: 'fake' },
};

test('one case a code cell: passed, failed, and not reached; the file is well-formed', () => {
  const { document } = new JSDOM(junit([run]), { contentType: 'text/xml' }).window;
  const suite = document.querySelector('testsuite')!;
  const counts = ['tests', 'failures', 'errors', 'skipped'].map(name => Number(suite.getAttribute(name)));
  assert.deepEqual(counts, [3, 1, 0, 1]);
  const cases = [...suite.querySelectorAll('testcase')];
  assert.deepEqual(
    cases.map(c => c.firstElementChild?.tagName),
    [undefined, 'failure', 'skipped'],
  );
  assert.equal(cases[0]?.getAttribute('name'), 'cell 2: first, with <angles> & "quotes"');
  assert.match(String(cases[1]?.textContent), /x\.ipynb, cell 3 \(code cell 2\), line 2[\s\S]*> {4}2 \| throw x;/);
});

test('a cell that its tag leaves out says so', () => {
  const cells = [{ ...code('s', 'never()'), metadata: { tags: ['skip-execution'] } }];
  assert.match(
    junit([{ ...run, notebook: { ...notebook, cells }, cells: [] }]),
    /<skipped message="the tag skip-execution"\/>/,
  );
});

test('a notebook that never started counts as an error', () => {
  const xml = junit([{ ...run, cells: [], status: 'broken', reason: 'the kernel died' }]);
  const { document } = new JSDOM(xml, { contentType: 'text/xml' }).window;
  assert.equal(document.querySelector('testsuite')?.getAttribute('errors'), '1');
});

test('an annotation points at the line of the file that holds the failing source line', () => {
  const json = cleanText(notebook);
  const line = fileLine(json, 2, 2);
  assert.match(json.split('\n')[line! - 1]!, /throw x;/);
  const [command, ...rest] = annotations(run, json);
  assert.equal(rest.length, 0);
  assert.ok(command?.startsWith(`::error file=notebooks/x.ipynb,line=${line},title=x%2C cell 3::`), command);
  assert.ok(!command?.includes('\n'));
});

test('it does so whichever way the file is written: a source as one string, no ids, keys in any order, all in one line', () => {
  const odd = {
    metadata: { source: ['not'], 'a "quoted\\': '"source": [' },
    cells: [
      { source: '# Title', cell_type: 'markdown', metadata: {} },
      {
        outputs: [{ data: { 'application/json': { source: ['throw x;'], cells: [{ source: '"' }] } } }],
        source: 'const x = "\\\\";\nthrow x;',
      },
      { source: ['const x = 1;\n', 'throw x;'], id: 'b' },
      { source: [], id: 'c' },
    ],
  };
  const json = JSON.stringify(odd, null, 1);
  const rows = json.split('\n');
  const row = (cell: number, line: number, text = json) => fileLine(text, cell, line);
  assert.match(rows[row(0, 1)! - 1]!, /"source": "# Title"/);
  for (const line of [1, 2]) assert.match(rows[row(1, line)! - 1]!, /"source": "const x .*throw x;"/);
  assert.equal(rows[row(2, 2)! - 1]!.trim(), '"throw x;"');
  assert.match(rows[row(3, 1)! - 1]!, /"source": \[\]/);
  assert.equal(row(4, 1), undefined);
  for (const cell of [0, 1, 2, 3]) assert.equal(row(cell, 1, JSON.stringify(odd)), 1);
});

test('a cell with parameters that was put in moves no annotation', () => {
  const json = cleanText(notebook);
  const [title, ...cells] = notebook.cells;
  const put = {
    ...run,
    notebook: { ...notebook, cells: [title!, code('injected-parameters', 'seed = 1;'), ...cells] },
  };
  const [command] = annotations({ ...put, cells: [{ ...run.cells[1]!, index: 3 }], source: 'y.ipynb' }, json);
  assert.ok(command?.startsWith(`::error file=y.ipynb,line=${fileLine(json, 2, 2)},`), command);
});
