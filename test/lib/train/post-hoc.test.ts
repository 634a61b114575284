import assert from 'node:assert/strict';
import { test } from 'node:test';
import { integrate } from '../../../lib/math/quadrature.js';
import { philox } from '../../../lib/rng/rng.js';
import { gammaOf, powerAverage } from '../../../lib/train/average.js';
import { type KeptAverage, postHoc, postHocWeights } from '../../../lib/train/post-hoc.js';
import { near } from '../../support/tensors.js';

/** Parameters that drift and jitter as in training, and their averages, tracked directly. */
const track = (widths: readonly number[], steps: number, every: number) => {
  const noise = philox(3).normals(3 * steps);
  const averages = widths.map(width => ({ width, decay: powerAverage(width).decay, values: new Float64Array(3) }));
  const kept: KeptAverage[] = [];
  for (let n = 1; n <= steps; n++) {
    const θ = [0, 1, 2].map(i => Math.tanh((3 * n) / steps) * (i - 1) + 0.1 * noise[3 * (n - 1) + i]!);
    for (const { decay, values, width } of averages) {
      const d = decay(n);
      θ.forEach((v, i) => {
        values[i] = d * values[i]! + (1 - d) * v;
      });
      if (n % every === 0) kept.push({ width, steps: n, values: Float32Array.from(values) });
    }
  }
  return { kept, last: averages };
};

test('any width is found again from two that were kept: it equals the one that was tracked', () => {
  const steps = 2048;
  const { last } = track([0.03, 0.07, 0.12, 0.2], steps, steps);
  const { kept } = track([0.05, 0.1], steps, 64);
  for (const { width, values } of last) {
    // widths between the two are fitted best; outside, the profile is that of fewer steps than were kept
    near(postHoc(kept, width, steps), values, width < 0.05 || width > 0.1 ? 1e-2 : 2e-3);
  }
});

test('a width that was kept is that average itself', () => {
  const { kept } = track([0.05, 0.1], 512, 64);
  const weights = postHocWeights(kept, 0.1, 512);
  const at = kept.findIndex(k => k.width === 0.1 && k.steps === 512);
  for (const [i, w] of weights.entries()) near([w], [i === at ? 1 : 0], 1e-5);
});

test('the weights solve the least-squares problem of the profiles', () => {
  const kept = [
    { width: 0.05, steps: 50 },
    { width: 0.1, steps: 80 },
    { width: 0.1, steps: 100 },
  ];
  const profile = (width: number, steps: number) => {
    const γ = gammaOf(width);
    return (τ: number) => (τ > steps ? 0 : ((γ + 1) * (τ / steps) ** γ) / steps);
  };
  const target = profile(0.07, 100);
  const weights = postHocWeights(kept, 0.07, 100);
  const gap = (τ: number) => target(τ) - kept.reduce((s, k, i) => s + weights[i]! * profile(k.width, k.steps)(τ), 0);
  // At the minimum the rest is orthogonal to every profile.
  for (const k of kept) {
    const along = (τ: number) => gap(τ) * profile(k.width, k.steps)(τ);
    const inner = [0, 50, 80].reduce((s, from, i) => s + integrate(along, from + 1e-9, [50, 80, 100][i]!), 0);
    assert.ok(Math.abs(inner) < 1e-6, `${inner}`);
  }
});

test('nothing kept, or something later, is refused', () => {
  assert.throws(() => postHoc([], 0.1, 10), /the number of kept averages is 0/);
  const late = { width: 0.1, steps: 11, values: Float32Array.of(1) };
  assert.throws(() => postHoc([late], 0.1, 10), /the steps of a kept average is 11/);
});
