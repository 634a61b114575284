import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, memory, mul, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { exactScore } from '../../../lib/exact/index.js';
import { vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { dpmSolver2M } from '../../../lib/samplers/index.js';
import { arrived, compose, last, predictor, repeat, type Step, solve, uniformTimes } from '../../../lib/solve/index.js';
import { planeMixture } from '../../oracle.js';

const seen: string[] = [];
const noted =
  (name: string, step: (x: Tensor) => Tensor): Step =>
  (x, t, u) => {
    seen.push(`${name} ${t}→${u}`);
    return step(x);
  };

test('steps act one after another on the same interval; `arrived` moves a corrector to its end', () => {
  const double = noted('double', x => mul(x, 2));
  const next = noted('next', x => add(x, 1));
  const step = compose(repeat(2, double), next, arrived(double));
  const before = memory().numTensors;
  const x = tensor([3]);
  const out = step(x, 1, 0.5, philox(0));
  assert.equal(out.dataSync()[0], (3 * 4 + 1) * 2);
  assert.deepEqual(seen, ['double 1→0.5', 'double 1→0.5', 'next 1→0.5', 'double 0.5→0.5']);
  assert.equal(memory().numTensors, before + 2);
});

test('a multistep method keeps its memory inside compositions, and two runs of one step do not share it', () => {
  const process = vp();
  const step = predictor(process, exactScore(planeMixture, process), dpmSolver2M());
  const [x, y] = [philox(1).normal([4, 2]), philox(2).normal([4, 2])];
  const times = uniformTimes(10, 1, 0.1);
  const alone = Array.from(last(solve(step, x, times, philox(0))).dataSync());
  const idle = compose(
    noted('idle', v => v.clone()),
    step,
  );
  assert.deepEqual(Array.from(last(solve(idle, x, times, philox(0))).dataSync()), alone);
  const before = memory().numTensors;
  const [first, second] = [solve(step, x, times, philox(0)), solve(step, y, times, philox(0))];
  let final: number[] = [];
  for (const state of first) {
    second.next();
    final = Array.from(state.x.dataSync());
  }
  second.return();
  assert.deepEqual(final, alone);
  assert.equal(memory().numTensors, before);
});
