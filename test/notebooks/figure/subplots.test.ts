import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lines } from '../../../notebooks/figure/plots.js';
import { subplots } from '../../../notebooks/figure/subplots.js';
import type { Axis, Trace } from '../../../notebooks/figure/types.js';

const panel = (...names: string[]) =>
  lines(
    [0, 1],
    names.map(name => ({ name, y: [0, 1] })),
    { title: names.join(), annotations: [{ x: 0, y: 0, text: 'here' }] },
  );

const colour = (trace: Trace | undefined) => (trace?.line as { color?: string } | undefined)?.color;

test('a curve keeps its colour and has one legend entry across panels', () => {
  const { data } = subplots([panel('a', 'b'), panel('c', 'a')], 2);
  assert.deepEqual(
    data.map(t => t.name),
    ['a', 'b', 'c', 'a'],
  );
  assert.equal(colour(data[0]), colour(data[3]));
  assert.equal(new Set(data.map(colour)).size, 3);
  assert.deepEqual(
    data.map(t => t.showlegend),
    [true, true, true, false],
  );
});

test('each panel has its own axes in its own place, rows from the top', () => {
  const { layout, data } = subplots([panel('a', 'b'), panel('c', 'd'), panel('e', 'f')], 2);
  const domain = (key: string) => (layout[key] as Axis).domain!;
  assert.deepEqual(
    data.map(t => t.xaxis),
    ['x', 'x', 'x2', 'x2', 'x3', 'x3'],
  );
  assert.ok(domain('xaxis')[1] < domain('xaxis2')[0]);
  assert.ok(domain('yaxis3')[1] < domain('yaxis')[0]);
  assert.deepEqual(domain('xaxis'), domain('xaxis3'));
  assert.ok(Math.abs(domain('yaxis')[1] - 1) < 1e-12 && Math.abs(domain('yaxis3')[0]) < 1e-12);
});

test('annotations follow their panel', () => {
  const { layout } = subplots([panel('a', 'b'), panel('c', 'd')], 2);
  const here = layout.annotations?.filter(a => a.text === 'here');
  assert.deepEqual(
    here?.map(a => [a.xref, a.yref]),
    [
      ['x', 'y'],
      ['x2', 'y2'],
    ],
  );
});

test('three panels in a row are no wider than a page, and two keep their size', () => {
  const width = (columns: number) => subplots(Array(columns).fill(panel('a')), columns).layout.width!;
  assert.equal(width(2), 2 * 300 + 76 + 80);
  assert.ok(width(3) <= 960 && width(3) > 930, `${width(3)}`);
  assert.ok(width(4) <= 960);
  assert.equal(subplots([panel('a'), panel('b'), panel('c')], 3, {}, { panel: [300, 210] }).layout.width, 1132);
});
