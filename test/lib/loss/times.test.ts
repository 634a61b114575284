import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  drawTimes,
  importanceDistribution,
  logNormalDistribution,
  stratifiedTimes,
  type TimeDistribution,
  uniformDistribution,
} from '../../../lib/loss/times.js';
import { likelihoodWeighting } from '../../../lib/loss/weighting.js';
import { normalQuantile } from '../../../lib/math/normal.js';
import { integrate } from '../../../lib/math/quadrature.js';
import { edm } from '../../../lib/process/alpha-sigma.js';
import { logSnr, varsigma } from '../../../lib/process/gaussian.js';
import { timeOfLogSnr } from '../../../lib/process/inverse.js';
import { subVp, vp } from '../../../lib/process/vp.js';
import { philox } from '../../../lib/rng/rng.js';
import { processes, relative, timeAt } from '../../support/processes.js';

const { importance }: { importance: Record<'vp' | 'subVp', string> } = JSON.parse(
  readFileSync(new URL('../process/reference.json', import.meta.url), 'utf8'),
);

test('∫ g²/σ² over [1e-5, 1] is the fall of the log-SNR: 23.86447 for VP, 37.67895 for sub-VP', () => {
  for (const [process, reference, printed] of [
    [vp(), importance.vp, 23.86447],
    [subVp(), importance.subVp, 37.67895],
  ] as const) {
    const fall = logSnr(process, 1e-5) - logSnr(process, 1);
    assert.ok(relative(fall, Number(reference)) < 1e-12);
    assert.ok(Math.abs(fall - printed) < 5e-6);
    const integral = integrate(
      u => Math.exp(u) * (process.g(Math.exp(u)) / process.sigma(Math.exp(u))) ** 2,
      Math.log(1e-5),
      0,
    );
    assert.ok(relative(integral, fall) < 1e-11);
  }
});

const laws: Record<string, TimeDistribution> = {
  uniform: uniformDistribution(1e-5, 1),
  importance: importanceDistribution(vp(), 1e-5, 1),
  'importance, sub-VP': importanceDistribution(subVp(), 1e-5, 1),
  'log-normal': logNormalDistribution(vp(), { lo: 1e-5 }),
};

for (const [name, law] of Object.entries(laws)) {
  test(`${name}: the density is the derivative of the distribution`, () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.02, max: 0.95, noNaN: true }),
        fc.double({ min: 0.01, max: 0.04, noNaN: true }),
        (u, part) => {
          const [from, to] = [law.quantile(u), law.quantile(u + part)];
          const mass = integrate(law.density, from, to) / (1 - 1e-5);
          assert.ok(Math.abs(mass - part) < 1e-7, `${mass}, not ${part}`);
        },
      ),
    );
  });

  test(`${name}: times stay in the interval, and rise when stratified`, () => {
    const n = 20_000;
    for (const draw of [drawTimes, stratifiedTimes]) {
      const times = draw(law, n, philox(4));
      assert.ok(times.every(t => t >= 1e-5 && t <= 1));
    }
    const strata = stratifiedTimes(law, n, philox(4));
    assert.ok(strata.every((t, i) => i === 0 || t >= strata[i - 1]!));
    const part = stratifiedTimes(law, n / 4, philox(4, { shard: { index: 2, count: 4 } }));
    assert.deepEqual(part, strata.slice(n / 2, (3 * n) / 4));
  });
}

test('the time of a log-SNR is the inverse to the last digits', () => {
  for (const process of Object.values(processes)) {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), u => {
        const t = timeAt(process, u);
        assert.ok(relative(timeOfLogSnr(process, logSnr(process, t)), t) < 1e-11);
      }),
      { numRuns: 20 },
    );
  }
});

test('log-normal times have ln ς ~ N(−1.2, 1.2²)', () => {
  const process = processes.edm!;
  const n = 20_000;
  const logs = Array.from(drawTimes(logNormalDistribution(process), n, philox(8)), t => Math.log(varsigma(process, t)));
  const mean = logs.reduce((a, b) => a + b) / n;
  const sd = Math.sqrt(logs.reduce((a, b) => a + (b - mean) ** 2, 0) / n);
  assert.ok(Math.abs(mean + 1.2) < (5 * 1.2) / Math.sqrt(n), String(mean));
  assert.ok(Math.abs(sd - 1.2) < (5 * 1.2) / Math.sqrt(2 * n), String(sd));
});

test('log-normal times of a process that ends within the law are cut off, not moved to T, and the density says so', () => {
  const process = edm(3);
  const distribution = logNormalDistribution(process);
  const times = drawTimes(distribution, 20_000, philox(9));
  assert.equal(times.filter(t => t === process.T).length, 0);
  const share = (t: number) =>
    integrate(u => distribution.density(Math.exp(u)) * Math.exp(u), Math.log(3e-8), Math.log(t)) / 3;
  assert.ok(Math.abs(share(3) - 1) < 1e-8, `${share(3)}`);
  for (const t of [0.1, 0.3, 1]) {
    const below = times.filter(v => v < t).length / times.length;
    assert.ok(Math.abs(below - share(t)) < 4.9 * Math.sqrt(0.25 / times.length), `${t}: ${below}, not ${share(t)}`);
  }
});

test('importance sampling makes g²-weighted contributions equal, stratifying spreads times evenly', () => {
  // A stand-in for the loss at t with λ = g², whose typical size is g²/σ²: its variance over random times.
  const process = vp();
  const cost = (t: number) => likelihoodWeighting(process, t) / process.sigma(t) ** 2;
  const variance = (law: TimeDistribution) => {
    const list = Array.from(drawTimes(law, 4000, philox(2)), t => cost(t) / law.density(t));
    const mean = list.reduce((a, b) => a + b) / list.length;
    return { mean, variance: list.reduce((a, b) => a + (b - mean) ** 2, 0) / list.length };
  };
  const [plain, better] = [variance(laws.uniform!), variance(laws.importance!)];
  assert.ok(relative(better.mean, 23.86447 / (1 - 1e-5)) < 1e-6);
  assert.ok(better.variance < 1e-10 && plain.variance > 100, `${plain.variance} ${better.variance}`);
  const spread = (draw: typeof drawTimes) => {
    const means = Array.from(
      { length: 200 },
      (_, i) => draw(laws.uniform!, 32, philox(i)).reduce((a, b) => a + b) / 32,
    );
    return Math.sqrt(means.reduce((a, b) => a + (b - 0.5) ** 2, 0) / means.length);
  };
  // The standard deviation of a mean of n uniform numbers is 1/√(12 n), of one from each of n strata 1/(n √(12 n)).
  assert.ok(Math.abs(spread(drawTimes) * Math.sqrt(12 * 32) - 1) < 0.25);
  assert.ok(Math.abs(spread(stratifiedTimes) * 32 * Math.sqrt(12 * 32) - 1) < 0.25);
});

test('the normal quantile inverts the distribution function, by quadrature', () => {
  for (const u of [1e-6, 0.01, 0.02425, 0.3, 0.5, 0.9, 0.99999]) {
    const z = normalQuantile(u);
    const density = (y: number) => Math.exp((-y * y) / 2) / Math.sqrt(2 * Math.PI);
    assert.ok(Math.abs(0.5 + integrate(density, 0, z) - u) < 1e-9 * Math.min(1, 1e3 * Math.min(u, 1 - u)) + 1e-14);
  }
  assert.equal(normalQuantile(0), Number.NEGATIVE_INFINITY);
});

test('laws refuse intervals they cannot serve', () => {
  assert.throws(() => uniformDistribution(0.5, 0.1), /the lower time is 0\.5/);
  assert.throws(() => importanceDistribution(vp(), 0, 1), /the lower time is 0: .*start at 1e-5/);
  assert.throws(() => logNormalDistribution(vp(), { deviation: 0 }), /deviation is 0/);
  assert.throws(() => drawTimes(uniformDistribution(0, 1), 0, philox(1)), /batch is 0/);
});
