import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mul, tensor } from '@tensorflow/tfjs-core';
import { startRows } from '../../../lib/adaptive/control.js';
import { firstSteps } from '../../../lib/adaptive/first-step.js';

test('the first step of x′ = λx is that of Hairer, Nørsett and Wanner, II.4, for a slope that bends and one that does not', () => {
  const tol = { rtol: 1e-3, atol: 1e-4 };
  const order = 5;
  const size = tol.atol + tol.rtol * 2;
  for (const rate of [0.1, 10]) {
    const x = tensor([[2]]);
    const rows = startRows(1, 0);
    firstSteps(([y]) => [mul(y!, rate)], [x], [mul(x, rate)], rows, 100, order, tol);
    const slope = (rate * 2) / size;
    const guess = (0.01 * (2 / size)) / slope;
    const bend = (rate * (2 + guess * rate * 2) - rate * 2) / size / guess;
    const expected = Math.min(100 * guess, (0.01 / Math.max(slope, bend)) ** (1 / order));
    assert.ok(Math.abs(rows.h[0]! / expected - 1) < 1e-3, `λ = ${rate}: ${rows.h[0]}, not ${expected}`);
  }
});
