import assert from 'node:assert/strict';
import { test } from 'node:test';
import ndarray from 'ndarray';
import { heatmap, histogram, rows, scatter2d } from '../../../notebooks/figure/plots.js';

test('a histogram is a density: its area is the share of samples inside the range', () => {
  const samples = Float64Array.from({ length: 1000 }, (_, i) => i / 999);
  const area = (range: [number, number]) => {
    const { density, width } = histogram(samples, 20, range);
    return density.reduce((sum, d) => sum + d * width, 0);
  };
  assert.ok(Math.abs(area([0, 1]) - 1) < 1e-12);
  assert.ok(Math.abs(area([-1, 3]) - 1) < 1e-12);
  assert.ok(Math.abs(area([0, 0.5]) - 0.5) < 2e-3);
});

test('each sample falls into the bin whose centre is nearest', () => {
  const { centres, density } = histogram([0.1, 0.9, 1], 2, [0, 1]);
  assert.deepEqual([...centres], [0.25, 0.75]);
  assert.ok(density[1]! > density[0]!);
});

test('an empty range names itself', () => {
  assert.throws(() => histogram([1], 10, [2, 2]), /\[2, 2\].*low < high/);
});

test('rows follow the view, not the buffer', () => {
  const grid = ndarray(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]).transpose(1, 0);
  assert.deepEqual(
    rows(grid).map(r => [...r]),
    [
      [1, 4],
      [2, 5],
      [3, 6],
    ],
  );
});

test('a cloud must be [N, 2] and a heatmap [rows, columns]', () => {
  assert.throws(() => scatter2d([{ name: 'p', points: ndarray(new Float64Array(6), [2, 3]) }]), /“p”.*\[2,3\]/);
  assert.throws(() => heatmap(ndarray(new Float64Array(6), [6])), /\[6\].*\[rows, columns\]/);
});
