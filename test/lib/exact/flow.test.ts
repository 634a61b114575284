import assert from 'node:assert/strict';
import { test } from 'node:test';
import { score } from '../../../lib/exact/density.js';
import { gaussianFlow, lineFlow, marginal, mixture, momentsOf, reverseTransition } from '../../../lib/exact/index.js';
import { subVp, ve, vp } from '../../../lib/process/index.js';
import { rk4 } from '../../../lib/samplers/index.js';
import { hostSolve, uniformTimes } from '../../../lib/solve/index.js';
import { correlated, gap } from '../../oracle.js';

test('closed flows of Gaussians agree with a fourth-order solution, and with the quantile map on the line', () => {
  for (const process of [vp(), ve({ sigmaMax: 10 }), subVp()]) {
    const x = [0.8, -1.3];
    const s = (y: readonly number[], t: number) => score(marginal(correlated, process, t), y);
    const want = hostSolve(process, s, rk4(), x, uniformTimes(800, 0.9, 0.2));
    assert.ok(gap(gaussianFlow(correlated, process, x, 0.9, 0.2), want) < 1e-7);
    const line = mixture([{ mean: [0.4], covariance: 0.3 }]);
    assert.ok(
      Math.abs(gaussianFlow(line, process, [0.7], 0.9, 0.2)[0]! - lineFlow(line, process, 0.7, 0.9, 0.2)) < 1e-9,
    );
  }
});

test('the reverse transition averaged over x_t is the marginal at u, and its joint law has the forward covariance', () => {
  for (const process of [vp(), ve(), subVp()]) {
    const [t, u] = [0.7, 0.3];
    const at = (x: number[]) => momentsOf(reverseTransition(correlated, process, x, t, u));
    const base = at([0, 0]);
    const slopes = [at([1, 0]), at([0, 1])].map(m => m.mean.map((v, i) => v - base.mean[i]!)); // columns
    const [from, to] = [t, u].map(time => momentsOf(marginal(correlated, process, time))) as [typeof base, typeof base];
    const mapped = (i: number, j: number): number =>
      [0, 1].reduce(
        (s, k) => s + [0, 1].reduce((r, l) => r + slopes[k]![i]! * from.covariance[k]![l]! * slopes[l]![j]!, 0),
        0,
      );
    for (const [i, j] of [
      [0, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      assert.ok(
        Math.abs(mapped(i, j) + base.covariance[i]![j]! - to.covariance[i]![j]!) < 1e-9 * (1 + to.covariance[0]![0]!),
      );
    }
    const mean = [0, 1].map(i => base.mean[i]! + slopes.reduce((s, c, k) => s + c[i]! * from.mean[k]!, 0));
    assert.ok(gap(mean, to.mean) < 1e-12);
  }
});
