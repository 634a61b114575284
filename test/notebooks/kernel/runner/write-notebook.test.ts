import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNotebook } from '../../../../notebooks/kernel/runner/parse-notebook.js';
import { cleanText } from '../../../../notebooks/kernel/runner/write-notebook.js';

const used = JSON.stringify({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    language_info: { version: '22.1.0', name: 'typescript' },
    kernelspec: { name: 'tsnb', display_name: 'TypeScript', env: {} },
    widgets: {},
  },
  cells: [
    {
      id: 'a',
      cell_type: 'code',
      execution_count: 17,
      metadata: { tags: ['raises-exception'], collapsed: false, execution: { iopub: '2024-01-01' } },
      source: 'one\ntwo\n',
      outputs: [
        { output_type: 'stream', name: 'stdout', text: 'x\ny' },
        {
          output_type: 'execute_result',
          execution_count: 17,
          data: { 'image/png': 'aGk=', 'text/plain': 'figure', 'application/vnd.plotly.v1+json': { data: [] } },
          metadata: { 'image/png': { width: 700, height: 420, 'x-run': 1 }, transient: 3 },
        },
      ],
    },
  ],
});

const cleaned = cleanText(parseNotebook(used, 'x.ipynb'));

test('nothing of the run is left: counts, times, frontend state, interpreter version', () => {
  for (const trace of ['17', '2024', 'collapsed', 'widgets', '22.1.0', 'env', 'transient', 'x-run']) {
    assert.ok(!cleaned.includes(trace), trace);
  }
});

test('what says something about the content stays', () => {
  const { cells, metadata } = JSON.parse(cleaned);
  assert.deepEqual(metadata.kernelspec, { display_name: 'TypeScript', name: 'tsnb' });
  assert.deepEqual(cells[0].metadata, { tags: ['raises-exception'] });
  assert.deepEqual(cells[0].outputs[1].metadata, { 'image/png': { height: 420, width: 700 } });
  assert.equal(cells[0].outputs[1].data['image/png'], 'aGk=');
});

test('text is stored by lines, as Jupyter does', () => {
  const { cells } = JSON.parse(cleaned);
  assert.deepEqual(cells[0].source, ['one\n', 'two\n']);
  assert.deepEqual(cells[0].outputs[0].text, ['x\n', 'y']);
  assert.ok(cleaned.startsWith('{\n "cells": [\n') && cleaned.endsWith('}\n'));
});

test('cleaning is idempotent and loses no cell', () => {
  assert.equal(cleanText(parseNotebook(cleaned, 'x.ipynb')), cleaned);
});

test('lists of numbers take one line and keep their values; text that looks like one is left alone', () => {
  const y = [1, -2.5e-7, null, 3e21, 0];
  const looks = '[\n 1,\n 2\n]';
  const data = { 'application/vnd.plotly.v1+json': { data: [{ y, z: [y, y], name: looks, x: [] }] } };
  const outputs = [{ output_type: 'display_data', data, metadata: {} }];
  const cells = [{ cell_type: 'code', id: 'a', source: '', metadata: {}, outputs }];
  const text = cleanText(parseNotebook(JSON.stringify({ nbformat: 4, metadata: {}, cells }), 'x.ipynb'));
  assert.ok(text.includes('"y": [1, -2.5e-7, null, 3e+21, 0]'), text);
  assert.deepEqual(JSON.parse(text).cells[0].outputs[0].data, data);
});
