import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outputsDiffer } from '../../../../notebooks/kernel/runner/compare.js';
import type { CodeCell, Output } from '../../../../notebooks/kernel/runner/record/nbformat.js';

const text = (text: string): Output => ({ output_type: 'stream', name: 'stdout', text });
const bundle = (data: Record<string, unknown>): Output => ({ output_type: 'display_data', data, metadata: {} });
const plot = (...y: number[]) => bundle({ 'image/png': `${y}`, 'application/vnd.plotly.v1+json': { data: [{ y }] } });

const differ = (before: Output, after: Output, tags: string[] = []): string | undefined => {
  const cell: CodeCell = { cell_type: 'code', id: 'a', source: '', metadata: { tags }, outputs: [before] };
  return outputsDiffer(cell, [after], { rtol: 1e-3, atol: 1e-9 });
};

test('numbers agree within the tolerance, and a difference names its line', () => {
  assert.equal(differ(text('a\nloss 0.5000, x = -1e-3'), text('a\nloss 0.5001, x = -1.0001e-3')), undefined);
  const found = differ(text('a\nloss 0.5'), text('a\nloss 0.6'));
  assert.match(String(found), /output 1 .*line 2: “loss 0\.5” became “loss 0\.6”/);
});

test('words, signs and the number of lines count', () => {
  assert.ok(differ(text('converged'), text('diverged')));
  assert.ok(differ(text('x = 1'), text('x = −1')));
  assert.match(String(differ(text('1'), text('1\n2'))), /1 lines became 2/);
});

test('times, dates, sizes and identifiers may change', () => {
  const before = 'took 3.1 s at 2024-05-01T10:00:00Z, 31 MB, id 123e4567-e89b-12d3-a456-426614174000';
  const after = 'took 12 ms at 2025-06-02T11:30:00Z, 1.4 GB, id 00000000-e89b-12d3-a456-426614174000';
  assert.equal(differ(text(before), text(after)), undefined);
});

test('a figure is compared by its data, relative to the largest of each array', () => {
  assert.equal(differ(plot(0.00001, 100), plot(0.02, 100)), undefined);
  assert.match(String(differ(plot(1, 100), plot(2, 100))), /data\[0\]\.y\[0\]: 1 became 2/);
  assert.match(String(differ(plot(1), plot(1, 2))), /1 entries became 2/);
});

test('packed coordinates are compared as the numbers that they are', () => {
  const packed = (...y: number[]) => {
    const bdata = Buffer.from(Float32Array.from(y).buffer).toString('base64');
    return bundle({ 'application/vnd.plotly.v1+json': { data: [{ y: { dtype: 'f4', bdata } }] } });
  };
  assert.equal(differ(packed(1, 100, Number.NaN), packed(1.00001, 100, Number.NaN)), undefined);
  assert.match(String(differ(packed(1, 100), packed(1, 120))), /data\[0\]\.y\[1\]: 100 became 120/);
});

test('a representation that comes or goes is a difference', () => {
  assert.match(String(differ(plot(1), bundle({ 'image/png': '1' }))), /plotly.* is gone/);
});

test('tags leave a cell out or set its tolerance', () => {
  assert.equal(differ(text('1'), text('2'), ['volatile']), undefined);
  assert.equal(differ(text('1'), text('1.01'), ['rtol=0.1']), undefined);
  assert.ok(differ(text('1'), text('1.01')));
});
