import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cdf, quantile } from '../../../lib/exact/index.js';
import { erfc } from '../../../lib/math/index.js';
import { lineMixture } from '../../oracle.js';

test('distribution functions: known values, and quantiles that invert them', () => {
  // erfc(.5), erfc(3), erfc(6) as tabulated in DLMF 7.
  assert.ok(Math.abs(erfc(0.5) - 0.4795001221869535) < 1e-15);
  assert.ok(Math.abs(erfc(3) / 2.209049699858544e-5 - 1) < 1e-13);
  assert.ok(Math.abs(erfc(6) / 2.151973671249892e-17 - 1) < 1e-13);
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), p => {
      const x = quantile(lineMixture, p);
      assert.ok(Math.abs(cdf(lineMixture, x) - p) < 1e-14, `${p} → ${x}`);
    }),
  );
});

test('no quantile belongs to 0, to 1 or to what is no probability', () => {
  for (const p of [0, 1, -0.5, Number.NaN]) assert.throws(() => quantile(lineMixture, p), /the probability is/);
});
