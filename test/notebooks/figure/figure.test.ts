import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { JSDOM } from 'jsdom';
import { animation, DISPLAY, figure, save, show } from '../../../notebooks/figure/index.js';

const curve = figure(
  [
    { x: [0, 1, 2], y: [0, 1, 4], mode: 'lines', name: 'x<sub>t</sub>' },
    { x: [0, 1, 2], y: [4, 1, 0], mode: 'lines' },
  ],
  { title: '∇ log p<sub>t</sub>', xaxis: { title: 'σ²' }, yaxis: { type: 'log', title: 'density' } },
);

/** Width and height from a PNG's header. */
const dimensions = (png: Uint8Array): number[] => {
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
};

test('one bundle holds the PNG, the interactive figure and a line of text', async () => {
  const bundle = await curve[DISPLAY]();
  assert.deepEqual(Object.keys(bundle), ['text/plain', 'image/png', 'application/vnd.plotly.v1+json']);
  assert.equal(bundle['text/plain'], 'Figure “∇ log pt”: 2 traces');
  assert.deepEqual(dimensions(Buffer.from(String(bundle['image/png']), 'base64')), [700, 420]);
  assert.deepEqual(dimensions(await curve.png()), [1400, 840]);
  assert.deepEqual(curve.metadata, { 'image/png': { width: 700, height: 420 } });
});

test('titles, labels and legend are in the drawing, inside its bounds and apart from each other', async () => {
  const svg = await curve.svg();
  const { document } = new JSDOM(svg, { contentType: 'image/svg+xml' }).window;
  const texts = [...document.querySelectorAll('text')].map(t => t.textContent?.replace(/\u200b/g, ''));
  for (const text of ['∇ log pt', 'σ²', 'density', 'xt']) assert.ok(texts.includes(text), `${text} in ${texts}`);
});

test('the same figure draws the same bytes', async () => {
  assert.deepEqual(await curve.png(), await curve.png());
});

test('heatmap, contour, image and histogram traces draw without a browser', async () => {
  const z = Array.from({ length: 8 }, (_, i) => Float32Array.from({ length: 9 }, (_, j) => i * j));
  const flat = (await figure([{ y: [0, 0] }]).png()).length;
  for (const trace of [
    { type: 'heatmap', z },
    { type: 'contour', z },
    { type: 'histogram', x: z[3]! },
  ]) {
    assert.ok((await figure([trace]).png()).length > flat / 2, trace.type);
  }
});

test('an animation shows its first moment, without buttons', async () => {
  const moments = [0, 1, 2].map(t => ({ label: `t${t}`, data: [{ x: [0, 1], y: [t, t + 1] }] }));
  const fig = animation(moments, { yaxis: { range: [0, 4] } });
  assert.deepEqual(
    fig.frames?.map(f => f.name),
    ['t0', 't1', 't2'],
  );
  const still = figure(moments[0]!.data, { yaxis: { range: [0, 4] } });
  assert.deepEqual(await fig.png(), await still.png());
});

test('a size that cannot be drawn is named', async () => {
  await assert.rejects(figure([], { width: 0, height: 5 }).png(), /0×5.*10 px/);
});

test('a trace for WebGL is drawn without it where that can be, and refused by name otherwise', async () => {
  const points = { x: [0, 1], y: [0, 1], mode: 'markers' };
  assert.deepEqual(
    await figure([{ ...points, type: 'scattergl' }]).png(),
    await figure([{ ...points, type: 'scatter' }]).png(),
  );
  await assert.rejects(figure([{ type: 'surface', z: [[0]] }]).png(), /surface needs WebGL/);
});

test('show sends one display_data through the kernel, and is silent without one', async () => {
  const key = Symbol.for('Jupyter.emit');
  const sent: unknown[] = [];
  await show(curve);
  Object.assign(globalThis, { [key]: (type: string, content: object) => sent.push([type, Object.keys(content)]) });
  try {
    await show(curve);
  } finally {
    Reflect.deleteProperty(globalThis, key);
  }
  assert.deepEqual(sent, [['display_data', ['data', 'metadata', 'transient']]]);
});

test('save writes whole files and leaves nothing beside them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'figure-'));
  try {
    await save(curve, join(folder, 'a.png'));
    await save(curve, join(folder, 'a.svg'));
    assert.deepEqual((await readdir(folder)).sort(), ['a.png', 'a.svg']);
    assert.match(await readFile(join(folder, 'a.svg'), 'utf8'), /^<svg/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
