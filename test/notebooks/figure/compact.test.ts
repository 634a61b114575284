import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compact } from '../../../notebooks/figure/compact.js';

test('coordinates keep five significant digits and become plain arrays', () => {
  assert.deepEqual(compact({ x: Float32Array.of(0.1, 1 / 3, 12345.678) }, 5), { x: [0.1, 0.33333, 12346] });
});

test('values that differ late keep the digits that tell them apart', () => {
  const x = [1000.0001, 1000.0002, 1000.0003];
  const kept = compact(x, 5) as number[];
  assert.equal(new Set(kept).size, 3);
  for (const [i, v] of kept.entries()) assert.ok(Math.abs(v - x[i]!) < 2e-8, `${v}`);
});

test('numbers outside arrays are settings and stay exact', () => {
  assert.deepEqual(compact({ width: 1 / 3 }, 5), { width: 1 / 3 });
});

test('values that JSON has no word for become gaps, and undefined members vanish', () => {
  assert.deepEqual(compact({ y: [1, Number.NaN, Infinity], name: undefined }, 5), { y: [1, null, null] });
});

test('rounding twice changes nothing', () => {
  const once = compact({ z: [Float64Array.from({ length: 50 }, (_, i) => Math.sin(i))] }, 5);
  assert.deepEqual(compact(once, 5), once);
});
