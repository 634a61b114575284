import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { subVp, timeOfScale, varsigma, ve, vp } from '../../../lib/process/index.js';
import { karrasTimes, logSnrTimes, quadraticTimes, uniformTimes } from '../../../lib/solve/index.js';

const processes = [vp(), ve(), subVp()];

test('every grid falls strictly, has n steps and exact ends', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.double({ min: 1e-5, max: 0.9, noNaN: true }), (n, to) => {
      for (const process of processes) {
        for (const grid of [
          uniformTimes(n, 1, to),
          quadraticTimes(n, 1, to),
          karrasTimes(process, n, 1, to),
          logSnrTimes(process, n, 1, to),
        ]) {
          assert.equal(grid.length, n + 1);
          assert.equal(grid[0], 1);
          assert.equal(grid[n], to);
          for (let i = 1; i <= n; i++) assert.ok(grid[i]! < grid[i - 1]!, `${grid}`);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('the grids are even in √t, ς^(1/7) and log ς', () => {
  const even = (values: number[]): void => {
    const step = values[1]! - values[0]!;
    const worst = Math.max(...values.map((v, i) => Math.abs(v - values[0]! - i * step)));
    assert.ok(worst < 1e-9 * Math.abs(step) * values.length);
  };
  even(quadraticTimes(20, 1, 1e-3).map(Math.sqrt));
  for (const process of processes) {
    even(karrasTimes(process, 20, 1, 1e-3).map(t => varsigma(process, t) ** (1 / 7)));
    even(logSnrTimes(process, 20, 1, 1e-3).map(t => Math.log(varsigma(process, t))));
  }
});

test('timeOfScale inverts ς to the last bits', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-4, max: 1, noNaN: true }), t => {
      for (const process of processes) {
        assert.ok(Math.abs(timeOfScale(process, varsigma(process, t)) - t) < 1e-12 * t);
      }
    }),
  );
  for (const process of processes) assert.equal(timeOfScale(process, varsigma(process, process.T)), process.T);
});

test('errors name the value', () => {
  assert.throws(() => uniformTimes(0, 1, 0.1), /number of steps is 0/);
  assert.throws(() => uniformTimes(5, 0.1, 1), /backwards/);
  assert.throws(() => timeOfScale(vp(), 1e9), /ς is 1000000000: it runs from 0 to 152/);
  assert.throws(() => logSnrTimes(ve(), 5, 1, 0), /ς\(0\) is 0/);
});
