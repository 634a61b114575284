import assert from 'node:assert/strict';
import { test } from 'node:test';
import { momentRun } from '../../../lib/exact/index.js';
import { subVp, varsigma, ve, vp } from '../../../lib/process/index.js';
import { churned, heun, rows, type Sampler } from '../../../lib/samplers/index.js';
import { karrasTimes } from '../../../lib/solve/index.js';
import type { GaussianProcess } from '../../../lib/types.js';

/** Stays where it is, so that only the churn acts. */
const rest: Sampler = () => ({ stages: [], result: rows.state, noises: 0 });
const data = { mean: 0.4, variance: 0.3 };
const law = (process: GaussianProcess, t: number) => ({
  mean: process.alpha(t) * data.mean,
  variance: process.alpha(t) ** 2 * data.variance + process.sigma(t) ** 2,
});

test('churn moves the law p_t to the law at ς(1 + γ), exactly', () => {
  for (const process of [vp(), ve(), subVp()]) {
    const t = 0.4;
    let reached = t;
    const spy: Sampler = (p, at, u, past) => {
      reached = at;
      return rest(p, at, u, past);
    };
    const out = momentRun(process, churned(spy, { churn: 6, steps: 20 }), [t, 0.39], data, law(process, t));
    assert.ok(Math.abs(varsigma(process, reached) / varsigma(process, t) - 1.3) < 1e-12);
    const want = law(process, reached);
    assert.ok(Math.abs(out.mean - want.mean) < 1e-14 && Math.abs(out.variance / want.variance - 1) < 1e-12);
  }
});

test('γ is at most √2 − 1, acts only within its range of ς, and not beyond T', () => {
  const process = ve();
  const noises = (t: number, options: { low?: number; high?: number }): number =>
    churned(rest, { churn: 1e9, steps: 1, ...options })(process, t, t / 2, []).noises;
  const gain = churned(rest, { churn: 1e9, steps: 1 })(process, 0.5, 0.4, []).result.z[0]!;
  assert.ok(Math.abs(gain / process.sigma(0.5) - 1) < 1e-9, '(√2)² − 1 = 1');
  assert.equal(noises(0.5, {}), 1);
  assert.equal(noises(0.5, { low: 10 }), 0);
  assert.equal(noises(0.5, { high: 0.1 }), 0);
  assert.equal(noises(1, {}), 0);
});

test('with churn the law of Gaussian data stays right, at the order of the method', () => {
  const process = vp();
  const error = (n: number): number => {
    const times = karrasTimes(process, n, 1, 0.05);
    const end = momentRun(process, churned(heun(), { churn: 5, steps: n }), times, data, law(process, 1));
    return Math.abs(end.variance / law(process, 0.05).variance - 1);
  };
  const ratio = error(200) / error(400);
  assert.ok(ratio > 3.4 && ratio < 4.6, `halving the steps divides the error by ${ratio}, not by 4`);
});
