import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { density, gaussian, logDensity, marginal, momentsOf, posterior, score } from '../../../lib/exact/index.js';
import { gap, lineMixture, planeMixture } from '../../oracle.js';
import { paperProcesses } from '../../support/processes.js';

test('the score is the derivative of the log density, which integrates to 1', () => {
  const at = marginal(lineMixture, paperProcesses.vp, 0.2);
  let mass = 0;
  for (let x = -8; x <= 8; x += 0.001) mass += 0.001 * density(at, [x]);
  assert.ok(Math.abs(mass - 1) < 1e-12, `mass ${mass}`);
  const plane = marginal(planeMixture, paperProcesses.subVp, 0.3);
  const h = 1e-5;
  for (const [x, y] of [
    [0.3, -0.7],
    [-2, 1.5],
    [4, 4],
  ] as const) {
    const s = score(plane, [x, y]);
    const dx = (logDensity(plane, [x + h, y]) - logDensity(plane, [x - h, y])) / (2 * h);
    const dy = (logDensity(plane, [x, y + h]) - logDensity(plane, [x, y - h])) / (2 * h);
    assert.ok(gap(s, [dx, dy]) < 1e-8 * (1 + Math.hypot(...s)), `${s} against ${[dx, dy]}`);
  }
});

test("Bayes: the posterior times the evidence is the prior times the kernel, and its mean is Tweedie's", () => {
  fc.assert(
    fc.property(fc.tuple(...[0, 1, 2, 3].map(() => fc.double({ min: -2, max: 2, noNaN: true }))), v => {
      const [x0, x] = [v.slice(0, 2), v.slice(2, 4)];
      const t = 0.3;
      const { vp: process } = paperProcesses;
      const after = posterior(planeMixture, process, x, t);
      const kernel = gaussian(
        x0.map(c => process.alpha(t) * c),
        process.sigma(t) ** 2,
      );
      const at = marginal(planeMixture, process, t);
      const left = logDensity(after, x0) + logDensity(at, x);
      const right = logDensity(planeMixture, x0) + logDensity(kernel, x);
      assert.ok(Math.abs(left - right) < 1e-8 * (1 + Math.abs(right)), `${left} against ${right}`);
      const tweedie = score(at, x).map((s, i) => (x[i]! + process.sigma(t) ** 2 * s) / process.alpha(t));
      assert.ok(gap(momentsOf(after).mean, tweedie) < 1e-9);
    }),
  );
});

test('N3: the entropy of p_t grows by d f + ½g² E‖s‖², on a mixture by quadrature', () => {
  const entropy = (t: number): number => average(t, p => -Math.log(p));
  /** ∫ p value(p, x) dx on the line. */
  const average = (t: number, value: (p: number, x: number) => number): number => {
    const at = marginal(lineMixture, paperProcesses.subVp, t);
    let total = 0;
    for (let x = -7; x <= 7; x += 0.002) {
      const p = density(at, [x]);
      if (p > 0) total += 0.002 * p * value(p, x);
    }
    return total;
  };
  const { subVp: process } = paperProcesses;
  for (const t of [0.1, 0.4, 0.8]) {
    const h = 1e-4;
    const rate = (entropy(t + h) - entropy(t - h)) / (2 * h);
    const at = marginal(lineMixture, process, t);
    const fisher = average(t, (_, x) => score(at, [x])[0]! ** 2);
    const want = process.f(t) + 0.5 * process.g(t) ** 2 * fisher;
    assert.ok(Math.abs(rate - want) < 1e-5 * (1 + Math.abs(want)), `${rate} against ${want} at ${t}`);
  }
});
