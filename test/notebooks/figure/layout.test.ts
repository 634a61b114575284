import assert from 'node:assert/strict';
import { test } from 'node:test';
import ndarray from 'ndarray';
import * as draw from '../../../notebooks/figure/index.js';
import { layoutFaults } from './layout.js';

const x = Float64Array.from({ length: 81 }, (_, i) => -4 + i / 10);
const bell = (s: number) => x.map(v => Math.exp(-(v * v) / 2 / s / s) / s / Math.sqrt(2 * Math.PI));
const density = { title: 'p<sub>t</sub>(x)' };
const curves = draw.lines(
  x,
  [0.2, 1, 2].map(s => ({ name: `σ = ${s}`, y: bell(s) })),
  { title: 'Kernels p<sub>0t</sub>(x<sub>t</sub> | x<sub>0</sub>)', xaxis: { title: 'x' }, yaxis: density },
);
const grid = ndarray(
  Float64Array.from({ length: 600 }, (_, i) => Math.sin(i / 40)),
  [20, 30],
);
const steps = [1, 10, 100, 1000];
const orders = draw.lines(
  steps,
  [1, 2].map(p => ({ name: `order ${p}`, y: steps.map(n => n ** -p) })),
  { title: 'errors', xaxis: { type: 'log', title: 'steps' }, yaxis: { type: 'log', title: '‖x̂ − x‖<sub>2</sub>' } },
);

const figures: Readonly<Record<string, draw.Figure>> = {
  lines: curves,
  'logarithmic axes': orders,
  'large numbers': draw.lines(x, [{ name: 'a', y: x.map(v => v * 1e7) }], { yaxis: { title: 'count' } }),
  'small numbers': draw.lines(x, [{ name: 'a', y: x.map(v => v * 1e-7) }], { yaxis: { title: 'residual' } }),
  heatmap: draw.heatmap(
    grid,
    { title: 'residual', xaxis: { title: 't' }, yaxis: { title: 'x' } },
    { label: '∂<sub>t</sub>p', signed: true },
  ),
  contour: draw.figure([{ type: 'contour', z: draw.rows(grid) }], { title: 'log p', width: 520 }),
  histogram: draw.histogramWithDensity(x, v => v * v, { title: 'samples', xaxis: { title: 'x' }, yaxis: density }),
  scatter: draw.scatter2d([{ name: 'data', points: ndarray(x.slice(0, 80), [40, 2]) }], { title: 'data' }),
  images: draw.imageGrid(
    ndarray(new Float32Array(12 * 784), [12, 28, 28]),
    6,
    { title: 'digits' },
    { columnLabels: ['t = 1', '0.8', '0.6', '0.4', '0.2', '0'] },
  ),
  'long names': draw.lines(
    x,
    ['predictor–corrector, 2 corrector steps', 'probability-flow ODE'].map(name => ({ name, y: x })),
  ),
  panels: draw.subplots([curves, orders, draw.heatmap(grid, { title: 'grid' }), curves], 2, { title: 'All panels' }),
  'three panels': draw.subplots([orders, curves, orders], 3),
  categories: draw.figure(
    [{ type: 'bar', x: ['Euler–Maruyama', 'predictor–corrector', 'probability flow'], y: [3, 2, 1] }],
    { title: 'evaluations' },
  ),
};

for (const [name, figure] of Object.entries(figures)) {
  test(`${name}: no text is cut off or lies over another`, async () => {
    assert.deepEqual(layoutFaults(await figure.svg()), []);
  });
}

test('the check sees texts that collide and texts that leave the drawing', async () => {
  const at = { x: 0, y: 0.2, showarrow: false };
  const annotations = [
    { ...at, text: 'one label' },
    { ...at, text: 'two label' },
    { ...at, xref: 'paper', x: 1.2, text: 'outside' },
  ];
  const faults = layoutFaults(await draw.lines(x, [{ name: 'a', y: bell(1) }], { annotations }).svg());
  assert.equal(faults.length, 2, faults.join('\n'));
});
