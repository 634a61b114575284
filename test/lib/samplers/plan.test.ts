import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { subVp, ve, vp } from '../../../lib/process/index.js';
import { type Algebra, combineRows, type Row, runPlan } from '../../../lib/samplers/index.js';
import { samplers } from '../../support/samplers.js';

const numbers = (score: (x: number, t: number) => number): Algebra<number> => ({
  combine: terms => terms.reduce((sum, [w, v]) => sum + w * v, 0),
  score,
});

const list = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { maxLength: 3 });
const row = fc.record({ x: fc.double({ min: -2, max: 2, noNaN: true }), s: list, z: list, kept: list });

test('combining rows and then evaluating is evaluating and then combining', () => {
  fc.assert(
    fc.property(row, row, fc.double({ min: -3, max: 3, noNaN: true }), (first, second, w) => {
      const stages = [0, 1, 2].map(t => ({ x: 1, s: [], z: [], kept: [], t }));
      const value = (result: Row): number =>
        runPlan(
          { stages, result, noises: 3 },
          numbers((x, t) => x * x + t),
          1.3,
          [0.2, -1, 0.7],
          [2, 3, -1],
        ).x;
      const joint = value(
        combineRows([
          [1, first],
          [w, second],
        ]),
      );
      assert.ok(Math.abs(joint - (value(first) + w * value(second))) < 1e-12 * (1 + Math.abs(joint)) * 10);
    }),
  );
});

test('a step of no length moves nothing, and no stage uses a score that comes later', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      fc.constantFrom(...samplers),
      (t, { sampler, restless }) => {
        for (const process of [vp(), ve(), subVp()]) {
          const plan = sampler(process, t, t * (1 - 1e-12), []);
          for (const [k, stage] of plan.stages.entries()) assert.ok(stage.s.slice(k).every(v => v === 0));
          if (!restless) {
            const { x } = runPlan(
              plan,
              numbers(v => -v),
              1.7,
              new Array<number>(plan.noises).fill(0),
            );
            assert.ok(Math.abs(x - 1.7) < 1e-5 * (1 + process.sigma(t) ** 2), `${x}`);
          }
        }
      },
    ),
  );
});
