import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packTrace } from '../../../notebooks/figure/pack.js';

const long = Array.from({ length: 50 }, (_, i) => Number(Math.sin(i).toPrecision(5)));
const decode = ({ dtype, bdata }: { dtype: string; bdata: string }): number[] => {
  const bytes = Uint8Array.from(Buffer.from(bdata, 'base64'));
  return Array.from(dtype === 'f4' ? new Float32Array(bytes.buffer) : new Float64Array(bytes.buffer));
};

test('long coordinates become one base64 string that holds the same numbers', () => {
  const { x } = packTrace({ x: long as unknown });
  const found = decode(x as { dtype: string; bdata: string });
  assert.equal((x as { dtype: string }).dtype, 'f4');
  for (const [i, v] of found.entries()) assert.ok(Math.abs(v - long[i]!) <= 1e-7);
});

test('a matrix keeps its rows and columns', () => {
  const z = Array.from({ length: 6 }, (_, i) => long.slice(0, 7).map(v => v + i));
  const packed = packTrace({ z: z as unknown }).z as { dtype: string; bdata: string; shape: string };
  assert.equal(packed.shape, '6, 7');
  assert.ok(Math.abs(decode(packed)[15]! - z[2]![1]!) < 1e-6);
});

test('values that float32 cannot tell apart stay float64, gaps stay gaps', () => {
  const close = Array.from({ length: 40 }, (_, i) => 1000 + i * 1e-6);
  assert.deepEqual(decode(packTrace({ y: close as unknown }).y as never), close);
  const gap = [...long, null];
  assert.ok(Number.isNaN(decode(packTrace({ y: gap as unknown }).y as never)[50]));
});

test('short arrays, texts and other members stay as they are', () => {
  const trace = { x: [1, 2, 3], y: Array.from({ length: 40 }, (_, i) => `word ${i}`), text: long };
  assert.deepEqual(packTrace(trace), trace);
});
