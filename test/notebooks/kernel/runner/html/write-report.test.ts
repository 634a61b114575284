import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { JSDOM } from 'jsdom';
import katex from 'katex';
import { bundleFor } from '../../../../../notebooks/kernel/runner/html/packed-plotly.js';
import { writeReport } from '../../../../../notebooks/kernel/runner/html/write-report.js';
import { parseNotebook } from '../../../../../notebooks/kernel/runner/parse-notebook.js';
import { type EarlierRun, readEarlier, withRuns } from '../../../../../notebooks/kernel/runner/record/earlier.js';
import { environment } from '../../../../../notebooks/kernel/runner/record/environment.js';
import type { CodeCell, Output } from '../../../../../notebooks/kernel/runner/record/nbformat.js';
import type { NotebookRun } from '../../../../../notebooks/kernel/runner/record/result-types.js';

const home = resolve('.');
const code = (id: string, source: string, outputs: Output[]): CodeCell => ({
  cell_type: 'code',
  id,
  source,
  metadata: {},
  outputs,
});
const figure = { data: [{ y: [1], name: '</script><b>' }], layout: {} };
const run: NotebookRun = {
  file: 'notebooks/01-a.ipynb',
  notebook: {
    metadata: {},
    cells: [
      { cell_type: 'markdown', id: 'm', source: '# First $t$\n\n## Part\n\n$x^2$', metadata: {} },
      code('a', 'show(figure)', [
        {
          output_type: 'display_data',
          data: { 'image/png': 'aGk=', 'text/plain': 'Figure', 'application/vnd.plotly.v1+json': figure },
          metadata: { 'image/png': { width: 700, height: 420 } },
        },
      ]),
      code('b', 'fail()', [{ output_type: 'error', ename: 'Error', evalue: 'no', traceback: ['Error: no'] }]),
      code('c', 'after()', []),
    ],
  },
  cells: [
    { index: 1, status: 'ok', milliseconds: 12 },
    { index: 2, status: 'failed', milliseconds: 3, reason: 'Error: no', line: 1 },
  ],
  status: 'failed',
  started: new Date(0),
  milliseconds: 15,
  provenance: { kernel: 'fake 1', backend: 'cpu', peakMemory: 2e8 },
};

const about = environment(home, { SCALE: 'smoke' });
const write = async (runs: NotebookRun[], earlier: EarlierRun[] = []): Promise<string> => {
  const output = await mkdtemp(join(tmpdir(), 'report-'));
  try {
    const { file } = await writeReport({ runs, environment: about, earlier, output, home });
    return readFileSync(file, 'utf8');
  } finally {
    await rm(output, { recursive: true });
  }
};

test('the page holds everything it needs: no address is loaded from outside', async () => {
  const html = await write([run]);
  const { document } = new JSDOM(html).window;
  const loaded = [...document.querySelectorAll('[src], link[href]')].map(
    e => e.getAttribute('src') ?? e.getAttribute('href'),
  );
  assert.ok(loaded.length > 0 && loaded.every(address => address?.startsWith('data:')), `${loaded}`);
  for (const [, address] of html.slice(0, html.indexOf('</style>')).matchAll(/url\(([^)]*)\)/g)) {
    assert.match(address!, /^data:/);
  }
});

const unpacked = (document: Document, id: string): string =>
  gunzipSync(Buffer.from(document.getElementById(id)?.textContent ?? '', 'base64')).toString('utf8');

test('a figure is its picture, its specification survives, and Plotly is there once', async () => {
  const { document } = new JSDOM(await write([run, { ...run, file: 'notebooks/02-b.ipynb' }])).window;
  const plots = [...document.querySelectorAll('figure.plot')];
  assert.equal(plots.length, 2);
  assert.equal(plots[0]?.querySelector('img')?.getAttribute('width'), '700');
  const texts: string[] = JSON.parse(unpacked(document, 'store-gzip'));
  for (const plot of plots) {
    assert.deepEqual(JSON.parse(texts[Number(plot.getAttribute('data-figure'))]!), figure);
  }
  assert.equal(document.querySelectorAll('#plotly-gzip').length, 1);
  assert.match(unpacked(document, 'plotly-gzip'), /Plotly/);
});

test('a page without figures does without Plotly', async () => {
  const { cells, metadata } = run.notebook;
  const html = await write([{ ...run, notebook: { cells: cells.slice(0, 1), metadata }, cells: [] }]);
  assert.ok(!html.includes('id="plotly-gzip"'));
});

test('a formula is MathML without scripts, and the script adds what KaTeX draws of it', async () => {
  const { document } = new JSDOM(await write([run])).window;
  const [formula] = document.querySelectorAll('article p .katex');
  assert.equal(formula?.querySelector('math annotation')?.textContent, 'x^2');
  assert.equal(document.querySelectorAll('.katex-html').length, 0);
  const texts: string[] = JSON.parse(unpacked(document, 'store-gzip'));
  formula!.insertAdjacentHTML('beforeend', texts[Number(formula!.getAttribute('data-drawn'))]!);
  formula!.removeAttribute('data-drawn');
  const whole = katex.renderToString('x^2').replace(' xmlns="http://www.w3.org/1998/Math/MathML"', '');
  assert.equal(formula!.outerHTML, new JSDOM(whole).window.document.body.innerHTML);
});

test('of Plotly and of fonts, the page holds what it shows', async () => {
  assert.equal(
    bundleFor([figure, { data: [{ type: 'heatmap' }], frames: [{ data: [{ type: 'bar' }] }] }]),
    'cartesian',
  );
  assert.equal(bundleFor([figure, { data: [{ type: 'surface' }] }]), 'whole');
  assert.equal(bundleFor([{ data: [], frames: [{ data: [{ type: 'scattergl' }] }] }]), 'whole');
  const faces = async (source: string) => {
    const cell = { cell_type: 'markdown' as const, id: 'm', source, metadata: {} };
    const html = await write([{ ...run, notebook: { cells: [cell], metadata: {} }, cells: [] }]);
    return new Set([...html.matchAll(/@font-face\{[^}]*(KaTeX_\w+)/g)].map(([, name]) => name));
  };
  assert.deepEqual(await faces('no formula'), new Set());
  assert.ok(!(await faces('$x$')).has('KaTeX_Fraktur'));
  assert.ok((await faces('$\\mathfrak{x}$')).has('KaTeX_Fraktur'));
});

test('results, contents and provenance can be read off it', async () => {
  const { document } = new JSDOM(await write([run])).window;
  const text = (selector: string) => document.querySelector(selector)?.textContent ?? '';
  assert.match(text('.lead'), /1 of 1 notebook did not pass: 01-a/);
  assert.match(text('nav'), /First[\s\S]*Part/);
  assert.ok(document.querySelector('nav .katex') && document.querySelector('tbody .katex'));
  assert.match(text('dl'), /commit[\s\S]*SCALE smoke[\s\S]*fake 1[\s\S]*node/);
  assert.match(text('tbody'), /200 MB.*cpu/);
  const links = [...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href')!.slice(1));
  for (const id of links) assert.ok(document.getElementById(id), `#${id}`);
});

test('each cell shows its time; the failing one its reason; later ones that they did not run', async () => {
  const { document } = new JSDOM(await write([run])).window;
  const cell = (n: number) => document.getElementById(`01-a-cell-${n}`)!;
  assert.equal(cell(2).querySelector('.time')?.textContent, '12 ms');
  assert.match(cell(3).querySelector('.reason')?.textContent ?? '', /Error: no.*> {4}1 \| fail\(\)/s);
  assert.equal(cell(4).querySelector('.time')?.textContent, 'not run');
});

test('the slowest cells, earlier times as a line, and what takes more than usual are there', async () => {
  const passed: NotebookRun = {
    ...run,
    status: 'ok',
    cells: [
      { index: 1, status: 'ok', milliseconds: 12 },
      { index: 3, status: 'ok', milliseconds: 900 },
    ],
  };
  const earlier = readEarlier(withRuns([], [passed, passed, passed], about));
  const slow = {
    ...passed,
    milliseconds: 9000,
    cells: [passed.cells[0]!, { ...passed.cells[1]!, milliseconds: 8900 }],
  };
  const { document } = new JSDOM(await write([slow], earlier)).window;
  assert.match(document.querySelector('.spark')?.getAttribute('aria-label') ?? '', /latest 4 runs took .*9\.00 s/);
  assert.match(document.body.textContent!, /2 slowest cells[\s\S]*cell 4[\s\S]*cell 2/);
  assert.match(document.body.textContent!, /More than usual\s*01-a, cell 4: 8\.90 s, usually 900 ms/);
});

test('each check is a row with its figures, and those that failed come first, as do notebooks', async () => {
  const printed: Output = {
    output_type: 'stream',
    name: 'stdout',
    text: '✓ the mean: 1.01, expected 1 ± 0.1\n✓ wrong on purpose (sign) is caught: the mean: −1\nno check\n',
  };
  const missed: Output = {
    output_type: 'error',
    ename: 'FailedCheck',
    evalue: '✗ the width: 3, expected 1 ± 0.1',
    traceback: [],
  };
  const passed: NotebookRun = {
    ...run,
    status: 'ok',
    notebook: { metadata: {}, cells: [code('a', 'check()', [printed])] },
    cells: [],
  };
  const failed: NotebookRun = {
    ...passed,
    file: '02-b.ipynb',
    status: 'failed',
    notebook: { metadata: {}, cells: [code('b', 'check()', [missed])] },
  };
  const { document } = new JSDOM(await write([passed, failed])).window;
  const rows = [...document.querySelectorAll('.checks tbody tr')].map(row =>
    [...row.children].map(cell => cell.textContent),
  );
  assert.deepEqual(rows, [
    ['✗', 'the width', '3, expected 1 ± 0.1'],
    ['✓', 'the mean', '1.01, expected 1 ± 0.1'],
    ['✓', 'wrong on purpose (sign) is caught', 'the mean: −1'],
  ]);
  assert.match(document.querySelector('tbody tr')!.textContent!, /02-b/);
});

test('the page of all committed notebooks, figures and all, has less than 5 MB for every twenty', async () => {
  const files = readdirSync('notebooks').filter(name => name.endsWith('.ipynb'));
  const runs = files.map((name): NotebookRun => {
    const file = join('notebooks', name);
    return { ...run, file, status: 'ok', notebook: parseNotebook(readFileSync(file, 'utf8'), file), cells: [] };
  });
  const html = await write(runs);
  assert.ok(files.length > 20 && new Set(html.match(/data-figure="\d+"/g)).size > 50);
  const perTwenty = (20 * Buffer.byteLength(html)) / files.length;
  assert.ok(perTwenty < 5e6, `${perTwenty} bytes for twenty`);
});
