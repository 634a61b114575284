import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bogackiShampine, dormandPrince } from '../../../lib/samplers/index.js';
import { gap } from '../../oracle.js';

for (const [name, tableau] of Object.entries({ dormandPrince, bogackiShampine })) {
  test(`the tableau of ${name} meets the order conditions`, () => {
    const { a, b, c, error, order } = tableau;
    const sums = a.map(row => row.reduce((s, v) => s + v, 0));
    assert.ok(gap(sums, c) < 1e-15);
    const sum = (w: readonly number[], v: (i: number) => number) => w.reduce((s, x, i) => s + x * v(i), 0);
    const inner = (v: (j: number) => number) => (i: number) => sum(a[i]!, v);
    for (let k = 1; k <= order; k++) {
      assert.ok(Math.abs(sum(b, i => c[i]! ** (k - 1)) - 1 / k) < 1e-15, `quadrature ${k}`);
      if (k < order) assert.ok(Math.abs(sum(error, i => c[i]! ** (k - 1))) < 1e-15, `lower order ${k}`);
    }
    assert.ok(
      Math.abs(
        sum(
          b,
          inner(j => c[j]!),
        ) -
          1 / 6,
      ) < 1e-15,
    );
    if (order < 5) return;
    assert.ok(Math.abs(sum(b, i => c[i]! * inner(j => c[j]!)(i)) - 1 / 8) < 1e-15);
    assert.ok(
      Math.abs(
        sum(
          b,
          inner(j => c[j]! ** 2),
        ) -
          1 / 12,
      ) < 1e-15,
    );
    assert.ok(Math.abs(sum(b, inner(inner(j => c[j]!))) - 1 / 24) < 1e-15);
    assert.ok(Math.abs(sum(b, inner(inner(inner(j => c[j]!)))) - 1 / 120) < 1e-15);
  });
}
