import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cdf, gaussian, mixture } from '../../../lib/exact/index.js';
import { planeMixture } from '../../oracle.js';

test('errors name the value and the way out', () => {
  assert.throws(
    () =>
      gaussian(
        [0, 0],
        [
          [1, 0.5],
          [0.4, 1],
        ],
      ),
    /symmetric/,
  );
  assert.throws(() => gaussian([0], [-1]), /covariance/);
  assert.throws(() => mixture([{ weight: 0, mean: [0], covariance: 1 }]), /weight is 0/);
  assert.throws(() => cdf(planeMixture, 0), /D = 1/);
});
