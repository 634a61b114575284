import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rangeOf } from '../../../../../notebooks/kernel/user/show/range.js';

const plainly = (values: readonly number[]) => {
  const finite = values.filter(Number.isFinite);
  return {
    low: Math.min(...finite),
    high: Math.max(...finite),
    sum: finite.reduce((a, b) => a + b, 0),
    bad: values.length - finite.length,
  };
};

test('numbers of every type, more than a chunk of them, in the middle of a buffer', () => {
  const values = Array.from({ length: 10_000 }, (_, i) => ((i * 7919) % 251) - 100);
  for (const Type of [Float64Array, Float32Array, Int32Array, Int16Array]) {
    const typed = Type.from([9999, ...values, -9999]).subarray(1, -1);
    assert.deepEqual(rangeOf(typed), plainly(values), Type.name);
  }
  assert.deepEqual(rangeOf(values), plainly(values));
});

test('what is not finite is counted, and counts for nothing else', () => {
  const values = Array.from({ length: 9000 }, (_, i) => (i % 1000 === 5 ? Number.NaN : i / 2));
  values[4096] = Number.POSITIVE_INFINITY;
  values[8999] = Number.NEGATIVE_INFINITY;
  for (const each of [values, Float64Array.from(values)]) assert.deepEqual(rangeOf(each), plainly(values));
  assert.equal(rangeOf(Float64Array.of(Number.NaN)).bad, 1);
});

test('finite numbers whose sum is not', () => {
  const { low, high, bad } = rangeOf(Float64Array.of(1e308, 1.5e308, -1));
  assert.deepEqual({ low, high, bad }, { low: -1, high: 1.5e308, bad: 0 });
});
