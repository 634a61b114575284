import assert from 'node:assert/strict';
import { memory, type Tensor } from '@tensorflow/tfjs-core';

/** The values of a tensor, which is disposed of. */
export const take = (x: Tensor): number[] => {
  const values = Array.from(x.dataSync());
  x.dispose();
  return values;
};

/** Asserts |a − b| ≤ tolerance · (1 + |b|) entry by entry. */
export const near = (a: ArrayLike<number>, b: ArrayLike<number>, tolerance = 1e-5): void => {
  assert.equal(a.length, b.length);
  for (let i = 0; i < a.length; i++) {
    const [value, expected] = [a[i]!, b[i]!];
    assert.ok(Math.abs(value - expected) <= tolerance * (1 + Math.abs(expected)), `${value}, not ${expected} (${i})`);
  }
};

/** Asserts that running this leaves as many tensors as before. */
export const leavesNothing = (run: () => void): void => {
  const before = memory().numTensors;
  run();
  assert.equal(memory().numTensors, before);
};
