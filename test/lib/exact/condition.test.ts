import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { condition, gaussian, momentsOf } from '../../../lib/exact/index.js';
import { gap } from '../../oracle.js';

test('conditioning a Gaussian on an exact coordinate gives the textbook conditional', () => {
  const given = condition(
    gaussian(
      [0, 0],
      [
        [1, 0.9],
        [0.9, 1],
      ],
    ),
    { matrix: [[1, 0]], value: [1], sigma: 0 },
  );
  const { mean, covariance } = momentsOf(given);
  assert.ok(gap(mean, [1, 0.9]) < 1e-14);
  assert.ok(gap(covariance.flat(), [0, 0, 0, 1 - 0.81]) < 1e-14);
});
