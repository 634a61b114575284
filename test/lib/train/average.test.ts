import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exponentialAverage, gammaOf, powerAverage, widthOf } from '../../../lib/train/average.js';
import { near } from '../../support/tensors.js';

/** The weight of each step in an average after n of them. */
const profile = (decay: (n: number) => number, n: number): number[] => {
  const weights: number[] = [];
  for (let step = 1; step <= n; step++) {
    for (let i = 0; i < weights.length; i++) weights[i]! *= decay(step);
    weights.push(1 - decay(step));
  }
  return weights;
};

test('the exponential average follows (1 + n)/(10 + n) to its decay', () => {
  const { decay } = exponentialAverage(0.9);
  near([1, 2, 50, 80, 81, 1000].map(decay), [2 / 11, 3 / 12, 51 / 60, 0.9, 0.9, 0.9], 1e-12);
  assert.throws(() => exponentialAverage(1), /decay is 1/);
});

test('the power average weighs step τ as τ^γ, and its window is as wide as asked', () => {
  for (const width of [0.05, 0.1, 0.2]) {
    const n = 4000;
    const weights = profile(powerAverage(width).decay, n);
    const total = weights.reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(total - 1) < 1e-9, `${total}`);
    const mean = weights.reduce((s, w, i) => s + w * (i + 1), 0) / n;
    const spread = Math.sqrt(weights.reduce((s, w, i) => s + w * ((i + 1) / n - mean) ** 2, 0));
    assert.ok(Math.abs(spread / width - 1) < 2e-3, `${spread} for ${width}`);
    const slope = Math.log(weights[n - 1]! / weights[n / 2 - 1]!) / Math.log(2);
    assert.ok(Math.abs(slope / gammaOf(width) - 1) < 5e-3, `${slope}`);
  }
});

test('widths and exponents belong together', () => {
  near([gammaOf(0.05), gammaOf(0.1)], [16.97, 6.94], 1e-3);
  for (const width of [0.01, 0.15, 0.28]) near([widthOf(gammaOf(width))], [width], 1e-9);
  assert.throws(() => gammaOf(0.3), /the width of the average is 0.3.*wider than the flat average/);
  assert.throws(() => gammaOf(0), /the width of the average is 0/);
});
