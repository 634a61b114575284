import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Chain,
  ddpmChain,
  geometricLevels,
  largestDistance,
  linearBetas,
  sampledBetas,
  smldChain,
} from '../../../lib/process/chain.js';
import { linearBeta } from '../../../lib/process/schedules.js';
import { ve } from '../../../lib/process/ve.js';
import { vp } from '../../../lib/process/vp.js';
import { relative } from '../../support/processes.js';

/** α and σ by walking the chain: m_i = factor m_{i−1}, V_i = factor² V_{i−1} + deviation². */
const walk = (chain: Chain): void => {
  let mean = 1;
  let variance = 0;
  for (let i = 1; i <= chain.N; i++) {
    mean *= chain.factor(i);
    variance = chain.factor(i) ** 2 * variance + chain.deviation(i) ** 2;
    assert.ok(relative(chain.alpha(i), mean) < 1e-12, `alpha(${i})`);
    assert.ok(relative(chain.sigma(i), Math.sqrt(variance)) < 1e-12, `sigma(${i})`);
  }
};

test('kernels of both chains are what their steps add up to', () => {
  walk(ddpmChain(linearBetas()));
  walk(smldChain(geometricLevels(232)));
  fc.assert(
    fc.property(fc.array(fc.double({ min: 1e-6, max: 0.9, noNaN: true }), { minLength: 1, maxLength: 30 }), betas =>
      walk(ddpmChain(betas)),
    ),
  );
});

/** The errors at N, 2N, 4N … and the order they show. */
const order = (errorAt: (N: number) => number): number => {
  const errors = [256, 512, 1024, 2048, 4096].map(errorAt);
  return Math.log2(errors[3]! / errors[4]!);
};

test('DDPM tends to VP and SMLD to VE, with an error that halves as N doubles', () => {
  const [process, rate] = [vp(), linearBeta()];
  for (const t of [0.25, 0.5, 1]) {
    const gap = (N: number) => Math.abs(ddpmChain(sampledBetas(rate, N)).alpha(N * t) - process.alpha(t));
    assert.ok(Math.abs(order(gap) - 1) < 0.02, `order ${order(gap)} at ${t}`);
    assert.ok(gap(4096) < gap(256) / 14);
  }
  // SMLD's levels stand at (i − 1)/(N − 1), so level i is not quite that of time i/N; the chain starts at σ_min.
  const gap = (N: number) => {
    const levels = smldChain(geometricLevels(N));
    return Math.abs(Math.log(levels.sigma(N / 2) / Math.hypot(ve().sigma(0.5), 0.01)));
  };
  assert.ok(Math.abs(order(gap) - 1) < 0.02, `order ${order(gap)}`);
});

test('the grids i/N and (i − 1)/(N − 1) put the linear β within one part in N of its range', () => {
  const N = 1000;
  const [grid, ends] = [sampledBetas(linearBeta(), N), linearBetas(N, 0.1 / N, 20 / N)];
  const largest = Math.max(...grid.map((beta, i) => Math.abs(beta - ends[i]!)));
  assert.ok(relative(largest, 19.9 / N / N) < 1e-9); // at i = 1
});

test('β_i = β(iT/N) T/N: the first level stands at T/N, the last at T', () => {
  const rate = { beta: (t: number) => 3 * t, integral: (t: number) => 1.5 * t * t };
  assert.deepEqual([...sampledBetas(rate, 4, 2)], [0.75, 1.5, 2.25, 3]);
});

test('geometric levels have the ends and the ratios of NCSN and NCSNv2', () => {
  for (const [N, top] of [
    [10, 1],
    [232, 50],
  ] as const) {
    const levels = geometricLevels(N, 0.01, top);
    assert.equal(levels.length, N);
    assert.ok(relative(levels[0]!, 0.01) < 1e-15 && relative(levels[N - 1]!, top) < 1e-13);
    const ratio = (top / 0.01) ** (1 / (N - 1));
    for (let i = 1; i < N; i++) assert.ok(relative(levels[i]! / levels[i - 1]!, ratio) < 1e-12);
  }
});

test('the largest distance is that of the farthest pair', () => {
  assert.equal(largestDistance([0, 0, 3, 4, 1, 1], 2), 5);
  assert.equal(largestDistance([7, 1, 2], 1), 6);
  assert.equal(largestDistance([1, 2, 3], 3), 0);
});

test('impossible chains are refused with the value', () => {
  assert.throws(() => ddpmChain([0.1, 1]), /beta 2 is 1/);
  assert.throws(() => smldChain([0.1, 0.1]), /levels\[1\] is 0\.1.*rise/);
  assert.throws(() => ddpmChain([0.1]).factor(2), /i is 2/);
  assert.throws(() => largestDistance([1, 2, 3], 2), /the number of points is 1\.5/);
});
