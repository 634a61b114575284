import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gaussianFlow, marginal, score } from '../../../lib/exact/index.js';
import { subVp, ve, vp } from '../../../lib/process/index.js';
import { churned, ddim, dpmSolver2M, dpmSolver2MSde, heun, rk4 } from '../../../lib/samplers/index.js';
import { hostSolve, karrasTimes } from '../../../lib/solve/index.js';
import { correlated, gap } from '../../oracle.js';

test('a run to t = 0, where σ = 0 and the score is undefined, ends with one step of lower order and stays finite', () => {
  for (const process of [vp(), ve(), subVp()]) {
    const s = (x: readonly number[], t: number) => {
      assert.ok(t > 0, 'the score at t = 0 is not asked for');
      return score(marginal(correlated, process, t), x);
    };
    const times = [...karrasTimes(process, 60, 1, 1e-3), 0];
    const x = [1.2 * process.sigma(1), -0.7 * process.sigma(1)];
    const want = gaussianFlow(correlated, process, x, 1, 0);
    for (const method of [heun(), rk4(), ddim(), dpmSolver2M()]) {
      const end = hostSolve(process, s, method, x, times);
      // The last Euler step from ε is off by σ_ε²/(2v) of the state, v = .1 the smallest variance.
      const bound = method(process, 1, 0.9, []).stages.length > 1 ? 6e-3 : 0.15;
      assert.ok(gap(end, want) < bound, `${end} against ${want}`);
    }
    const noisy = [churned(heun(), { churn: 5, steps: 60 }), dpmSolver2MSde()];
    for (const method of noisy) {
      const end = hostSolve(process, s, method, x, times, (_, n) => new Array(n).fill([0.3, -0.2]));
      assert.ok(end.every(Number.isFinite));
    }
  }
});
