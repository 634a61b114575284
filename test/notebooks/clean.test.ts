import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { createRenderer } from '../../notebooks/figure/render.js';
import type { FigureSpec } from '../../notebooks/figure/types.js';
import { kernelInfo } from '../../notebooks/kernel/jupyter/info.js';
import { parseNotebook } from '../../notebooks/kernel/runner/parse-notebook.js';
import { isCode } from '../../notebooks/kernel/runner/record/nbformat.js';
import { cleanText } from '../../notebooks/kernel/runner/write-notebook.js';
import { layoutFaults } from './figure/layout.js';

const renderer = createRenderer();
const LIMIT = 300_000;
const PLOTLY = 'application/vnd.plotly.v1+json';
const files = readdirSync('notebooks').filter(name => name.endsWith('.ipynb'));

test('there are notebooks', () => assert.ok(files.length > 0));

for (const name of files) {
  const file = join('notebooks', name);
  const text = readFileSync(file, 'utf8');
  const notebook = parseNotebook(text, file);
  const outputs = notebook.cells.filter(isCode).flatMap(cell => cell.outputs);

  test(`${name} is as the runner writes it, without traces of a run`, () => {
    const same = text === cleanText(notebook);
    assert.ok(same, `${file} has counts, metadata or an order of its own: make refresh`);
    assert.ok(!text.includes(resolve('.')), `${file} names a folder of this machine: make refresh`);
    // As a front end enters it when it opens the file.
    assert.deepEqual(notebook.metadata.language_info, kernelInfo('').language_info, `${file}: make refresh`);
  });

  test(`${name} holds the outputs of a run without errors, in at most ${LIMIT / 1000} kB`, () => {
    const size = Buffer.byteLength(text);
    assert.ok(size <= LIMIT, `${size} bytes: draw fewer points, or fewer pictures`);
    assert.ok(outputs.length > 0, `${file} shows nothing: make refresh`);
    const raised = notebook.cells.filter(
      cell =>
        isCode(cell) &&
        cell.outputs.some(o => o.output_type === 'error') &&
        !JSON.stringify(cell.metadata).includes('raises-exception'),
    );
    assert.deepEqual(
      raised.map(cell => cell.id),
      [],
    );
  });

  test(`${name} shows each interactive figure as a picture too, with every text legible`, async () => {
    for (const data of outputs.flatMap(output => ('data' in output ? [output.data] : []))) {
      if (data[PLOTLY] === undefined) continue;
      assert.equal(typeof data['image/png'], 'string');
      assert.deepEqual(layoutFaults(await renderer.svg(data[PLOTLY] as FigureSpec)), []);
    }
  });
}
