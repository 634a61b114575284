import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { parseNotebook } from '../../../../notebooks/kernel/runner/parse-notebook.js';
import { cleanText } from '../../../../notebooks/kernel/runner/write-notebook.js';

const used = JSON.stringify({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    language_info: { version: '7.0.2', name: 'typescript' },
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

test('nothing of the run is left: counts, times, frontend state', () => {
  for (const trace of ['17', '2024', 'collapsed', 'widgets', 'env', 'transient', 'x-run']) {
    assert.ok(!cleaned.includes(trace), trace);
  }
});

test('what says something about the content stays', () => {
  const { cells, metadata } = JSON.parse(cleaned);
  assert.deepEqual(metadata.language_info, { name: 'typescript', version: '7.0.2' });
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

/** Awkward for whoever has to write the same bytes as Python. */
const awkward = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { kernelspec: { name: 'tsnb', display_name: 'TypeScript' }, title: 'é 😀 \u2028 \u0000 \u007f "\\/' },
  cells: [
    { cell_type: 'markdown', id: 'm', metadata: { tags: [] }, source: 'a\r\nb\n\nc\u2028d\u0085e\rf\u001cg\vh\f' },
    {
      cell_type: 'code',
      id: 'c',
      metadata: { tags: ['x'], jupyter: { '10': 1, '9': 2, '\uffee': 3, '😀': 4 } },
      execution_count: null,
      source: '',
      outputs: [
        { output_type: 'stream', name: 'stdout', text: 'x\ny' },
        { output_type: 'error', ename: 'E', evalue: 'e\ne', traceback: ['a\nb', 'c'] },
        {
          output_type: 'display_data',
          data: {
            'application/vnd.plotly.v1+json': {
              y: [1, -2.5e-7, null, 3e21, 0, 1e-5, 0.0001, 0.00012345, 1.5e-10, 123456789012345680000, 5e-324, -1e-7],
              deep: [[], {}, [[1, [2]]], { b: [], a: {} }, true],
              text: 'two\nlines',
            },
            'image/svg+xml': '<svg>\n</svg>',
            'application/javascript': 'a\nb',
            'text/html': 'p\nq\n',
            'text/plain': '',
          },
          metadata: {},
        },
      ],
    },
  ],
};

const PYTHON = '.venv/bin/python';

test('a notebook is written as Jupyter writes it, to the byte', {
  skip: !existsSync(PYTHON) && 'Jupyter is not in .venv (make lab)',
}, () => {
  const text = cleanText(parseNotebook(JSON.stringify(awkward), 'x.ipynb'));
  const write = 'import sys, nbformat; nbformat.write(nbformat.reads(sys.stdin.read(), 4), sys.stdout)';
  const { stdout, stderr } = spawnSync(PYTHON, ['-c', write], {
    input: text,
    encoding: 'utf8',
    env: { PYTHONUTF8: '1' },
  });
  assert.equal(stdout, text, stderr);
  for (const part of ['"image/svg+xml": [', '1e-05,', '-1e-07\n', '3e+21,', '"10": 1,\n     "9": 2,\n     "\uffee"']) {
    assert.ok(text.includes(part), part);
  }
});
