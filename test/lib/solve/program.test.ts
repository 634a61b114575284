import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory, mul, type Tensor, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { scaleRows } from '../../../lib/broadcast.js';
import { exactScore } from '../../../lib/exact/index.js';
import { vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import {
  ancestral,
  churned,
  dpmSolver2M,
  dpmSolver2MSde,
  eulerMaruyama,
  heun,
  linearStep,
  type Method,
  planWeights,
  rk4,
  sra,
  stepProgram,
  withWeights,
} from '../../../lib/solve/index.js';
import type { Score } from '../../../lib/types.js';
import { gap, planeMixture } from '../../oracle.js';

const process = vp();
const read = (x: Tensor): number[] => Array.from(x.dataSync());

const methods: Record<string, Method> = {
  eulerMaruyama: eulerMaruyama(),
  ancestral: ancestral(),
  heun: heun(),
  rk4: rk4(),
  sra: sra(),
  churned: churned(heun(), { churn: 4, steps: 20 }),
  dpmSolver2M: dpmSolver2M(),
  dpmSolver2MSde: dpmSolver2MSde(),
};

for (const [name, method] of Object.entries(methods)) {
  test(`a program made from one step of ${name} takes another one, with its coefficients as inputs`, () => {
    const score = exactScore(planeMixture, process);
    const program = stepProgram(method(process, 0.9, 0.8, []), score);
    const plan = method(process, 0.5, 0.45, []);
    const x = philox(1).normal([6, 2]);
    const noises = Array.from({ length: plan.noises }, (_, i) => philox(2 + i).normal([6, 2]));
    const given = linearStep(process, score, method, () => noises.map(z => z.clone()));
    const want = given(x, 0.5, 0.45, philox(0));
    const out = program(x, tensor1d(planWeights(plan)), noises);
    assert.ok(gap(read(out.x), read(want)) < 2e-5, `${read(out.x)} against ${read(want)}`);
    assert.equal(out.keep !== undefined, plan.keep !== undefined);
  });
}

test('the weights of a plan go out and come back, and another form is refused', () => {
  for (const method of Object.values(methods)) {
    const plan = method(process, 0.7, 0.6, [0.8]);
    assert.deepEqual(planWeights(withWeights(plan, planWeights(plan))), planWeights(plan));
  }
  const [first, later] = [[], [0.9]].map(past => dpmSolver2M()(process, 0.8, 0.7, past));
  assert.throws(() => withWeights(first!, planWeights(later!)), /number of weights is \d+: a plan of this form has/);
});

test('a program has no host constants but its form: times reach the score as a tensor', () => {
  const seen: number[][] = [];
  const score: Score = (x, t) => {
    assert.ok(typeof t !== 'number');
    seen.push(read(t));
    return scaleRows(t, mul(x, -1));
  };
  const before = memory().numTensors;
  tidy(() => {
    const program = stepProgram(eulerMaruyama()(process, 1, 0.9, []), score);
    program(philox(1).normal([3, 2]), tensor1d(planWeights(eulerMaruyama()(process, 0.25, 0.2, []))), [
      philox(2).normal([3, 2]),
    ]);
  });
  assert.deepEqual(seen, [[0.25, 0.25, 0.25]]);
  assert.equal(memory().numTensors, before);
});
