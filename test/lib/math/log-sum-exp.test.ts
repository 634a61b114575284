import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { logSumExp } from '../../../lib/math/log-sum-exp.js';

describe('logSumExp', () => {
  it('is the logarithm of the sum, at every scale', () => {
    for (const shift of [0, 1e4, -1e4]) {
      const values = Float64Array.of(1, 2, 0.5, 3)
        .map(Math.log)
        .map(v => v + shift);
      assert.ok(Math.abs(logSumExp(values) - (Math.log(6.5) + shift)) < 1e-11 * Math.max(1, Math.abs(shift)));
    }
  });
  it('leaves out what is zero, and is −∞ of nothing else', () => {
    assert.equal(logSumExp([Number.NEGATIVE_INFINITY, 2]), 2);
    for (const values of [[], [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]])
      assert.equal(logSumExp(values), Number.NEGATIVE_INFINITY);
  });
  it('shows what is not a number', () => assert.ok(Number.isNaN(logSumExp([1, Number.NaN]))));
});
