import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bisect } from '../../../lib/math/bisect.js';

test('the crossing is found to the last bit, also near 0, and an end stands for what never or always holds', () => {
  assert.equal(
    bisect(t => t * t < 2, 0, 2),
    Math.SQRT2,
  );
  assert.equal(
    bisect(t => t < 3e-300, 0, 1),
    3e-300,
  );
  assert.equal(
    bisect(() => true, 0, 1),
    1,
  );
  assert.ok(bisect(() => false, 0, 1) <= Number.MIN_VALUE);
});
