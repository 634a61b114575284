import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory, tensor, zeros } from '@tensorflow/tfjs-core';
import { vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { eulerMaruyama } from '../../../lib/samplers/index.js';
import { last, predictor, solve, trajectory, uniformTimes } from '../../../lib/solve/index.js';

test('nothing leaks over 10 000 steps, nor when a run is left early', () => {
  const process = vp();
  const step = predictor(process, x => zeros(x.shape), eulerMaruyama());
  const x = zeros([2]);
  const before = memory().numTensors;
  last(solve(step, x, uniformTimes(10_000, 1, 0.001), philox(1))).dispose();
  assert.equal(memory().numTensors, before);
  for (const state of solve(step, x, uniformTimes(100, 1, 0.001), philox(1))) if (state.step === 40) break;
  assert.equal(memory().numTensors, before);
});

test('a score that turns NaN is reported with the step and the time at which it did', () => {
  const process = vp();
  const score = (x: { shape: number[] }, t: unknown) =>
    tensor(new Float32Array(2).fill((t as number) < 0.5 ? Number.NaN : 0), x.shape);
  const step = predictor(process, score, eulerMaruyama());
  const run = () => last(solve(step, zeros([2]), uniformTimes(10, 1, 0.1), philox(1)));
  assert.throws(run, /after step 7 \(t = 0\.4599/);
  const fromNaN = () => last(solve(step, tensor([Number.NaN, 0]), uniformTimes(10, 1, 0.6), philox(1)));
  assert.throws(fromNaN, /after step 1 \(/); // a start is no step
});

test('a trajectory holds the initial state, every n-th and the last; states live until the next is asked for', () => {
  const process = vp();
  const step = predictor(process, x => zeros(x.shape), eulerMaruyama());
  const x = tensor([[1], [2]]);
  const times = uniformTimes(7, 1, 0.3);
  const all = trajectory(solve(step, x, times, philox(1)));
  assert.deepEqual(all.x.shape, [8, 2, 1]);
  assert.deepEqual(all.times, times);
  const some = trajectory(solve(step, x, times, philox(1)), 3);
  assert.deepEqual(
    some.times,
    [0, 3, 6, 7].map(i => times[i]),
  );
  const values = all.x.dataSync();
  assert.deepEqual(
    Array.from(some.x.dataSync()),
    [0, 3, 6, 7].flatMap(i => [values[2 * i], values[2 * i + 1]]),
  );
  const states = solve(step, x, times, philox(1));
  const first = states.next().value!;
  assert.equal(first.step, 0);
  states.next();
  assert.ok(first.x.isDisposed && !x.isDisposed);
  states.return();
});

test('one time is a run of no steps; none, or one that is not a number, is refused', () => {
  const step = predictor(vp(), x => zeros(x.shape), eulerMaruyama());
  const x = tensor([[1]]);
  assert.deepEqual(Array.from(last(solve(step, x, [0.5], philox(1))).dataSync()), [1]);
  assert.throws(() => last(solve(step, x, [], philox(1))), /times is \[\]/);
  assert.throws(() => last(solve(step, x, [1, Number.NaN], philox(1))), /times\[1\] is NaN/);
});
