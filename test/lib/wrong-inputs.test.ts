import '../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, mean, memory, ones, slice, type Tensor, tensor, zeros } from '@tensorflow/tfjs-core';
import { solveOde } from '../../lib/adaptive/index.js';
import { blockMeans, dps, masked, matrixMeasurement, pseudoinverseGuidance } from '../../lib/control/index.js';
import { exactScore, gaussian } from '../../lib/exact/index.js';
import { logLikelihood } from '../../lib/likelihood/index.js';
import { denoisingBatch, lossOf } from '../../lib/loss/index.js';
import { mlp } from '../../lib/nn/index.js';
import { vp } from '../../lib/process/index.js';
import { philox } from '../../lib/rng/index.js';
import { churned, dpmSolver2M, eulerMaruyama } from '../../lib/samplers/index.js';
import { scoreFrom } from '../../lib/score/index.js';
import { last, predictor, solve, uniformTimes } from '../../lib/solve/index.js';
import { snapshot, train, trainer } from '../../lib/train/index.js';

/** What once passed or ended in a message of the backend: each is refused with the value and the way out. */

const process = vp();
const score = exactScore(gaussian([0, 0], 1), process);
const x = tensor([
  [0.3, -1],
  [1, 0.5],
]);
const run = (times: number[], s = score) => last(solve(predictor(process, s, eulerMaruyama()), x, times, philox(0)));
const narrow = (y: Tensor): Tensor => slice(y, [0, 0], [-1, 1]);

const wrong: Record<string, [run: () => unknown, message: RegExp]> = {
  'a rising grid for a sampler': [() => run([0.1, 0.5]), /the end of a step is 0.5: .*\[0, 0.1\].*eulerMaruyamaIto/],
  'an unsorted grid': [() => run([1, 0.4, 0.6]), /times\[2\] is 0.6: the run turns round there, after 0.4/],
  'a grid that leaves the process': [() => run([1, -0.5]), /the end of a step is -0.5: it has to lie in \[0, 1\]/],
  'a grid to a negative time': [() => uniformTimes(5, 1, -1), /the last time is -1/],
  'an infinite grid': [() => uniformTimes(5, Number.POSITIVE_INFINITY, 0), /the first time is Infinity/],
  'a loss of one output per row': [
    () => lossOf(y => mean(y, 1, true))(denoisingBatch({ process }, x, philox(0))),
    /the shape of the output of the network is \[2, 1\]: \[2, 2\] is expected/,
  ],
  'a loss of one output': [
    () => lossOf(y => mean(y))(denoisingBatch({ process }, x, philox(0))),
    /the shape of the output of the network is \[\]/,
  ],
  'a score of another shape in a sampler': [() => run([1, 0.5], narrow), /the shape of the score is \[2, 1\]/],
  'a score of another shape in a likelihood': [
    () => logLikelihood(process, narrow, x, philox(0)),
    /the shape of the score is \[2, 1\]: \[2, 2\] is expected/,
  ],
  'a network of another shape': [() => scoreFrom(process, narrow)(x, 0.5), /output of the network is \[2, 1\]/],
  'a NaN score in an adaptive solve': [
    () => solveOde(([y]) => [add(y!, Number.NaN)], [x], 1, 0.1),
    /the slope of row 0 at t = 1 is NaN: .*check them/,
  ],
  'an empty interval': [() => solveOde(([y]) => [y!], [x], 0.5, 0.5), /the interval is \[0.5, 0.5\]: give two times/],
  'a time to save outside of the interval': [
    () => solveOde(([y]) => [y!], [x], 1, 0.5, { saveAt: [0.7, 0.2] }),
    /saveAt\[1\] is 0.2: it has to lie in \[0.5, 1\]/,
  ],
  'a time to save that is none': [
    () => solveOde(([y]) => [y!], [x], 1, 0.5, { saveAt: [Number.NaN] }),
    /saveAt\[0\] is NaN/,
  ],
  'DPS without noise': [
    () => dps(process, score, masked([1, 0], [2]), zeros([1, 2]), 0),
    /sigma is 0: .*pseudoinverseGuidance/,
  ],
  'an observation of another shape': [
    () => pseudoinverseGuidance(process, score, masked([1, 0], [2]), zeros([1, 3]), 0.1)(x, 0.5),
    /the shape of the observation y is \[1, 3\]: \[1, 2\] is expected/,
  ],
  'events that a mask does not fit': [() => masked([1, 0, 1], [3]).apply(x), /the shape of x is \[2, 2\]: \[any, 3\]/],
  'events that a matrix does not fit': [
    () => matrixMeasurement([[1, 0, 1]], [3]).apply(x),
    /the shape of x is \[2, 2\]/,
  ],
  'blocks that do not divide the image': [
    () => blockMeans(3).apply(ones([1, 4, 4, 1])),
    /the shape of x is \[1, 4, 4, 1\]: .*multiples of 3/,
  ],
  'events that an exact score does not fit': [() => score(ones([2, 3]), 0.5), /the shape of x is \[2, 3\]: \[any, 2\]/],
  'events that a network does not fit': [
    () => mlp({ event: [2], width: 4, layers: 1, embedding: 8 }, philox(1)).apply(ones([2, 3]), zeros([2])),
    /the shape of x is \[2, 3\]: \[any, 2\]/,
  ],
  'churn around a multistep sampler': [
    () => churned(dpmSolver2M(), { churn: 5, steps: 10 })(process, 0.5, 0.4, []),
    /the sampler under churn is "a multistep one": .*single step/,
  ],
};

for (const [name, [act, message]] of Object.entries(wrong)) {
  test(`${name} is refused`, () => {
    assert.throws(act, (error: unknown) => error instanceof RangeError && message.test(error.message));
  });
}

test('a correct run at the edges of these checks passes: steps of no length, a forward Itô run, times at the ends', () => {
  run([0.5, 0.5, 0.2]);
  const { saved } = solveOde(([y]) => [y!], [x], 1, 0.5, { saveAt: [1, 0.5] });
  assert.equal(saved.length, 2);
});

test('a flow that throws keeps no tensor', () => {
  const before = memory().numTensors;
  for (let calls = 0; calls < 6; calls++) {
    let left = calls;
    const flow = ([y]: readonly Tensor[]) => {
      if (left-- === 0) throw new RangeError('stop');
      return [y!.clone()];
    };
    assert.throws(() => solveOde(flow, [x], 1, 0.5, { saveAt: [0.7] }), /stop/);
  }
  assert.equal(memory().numTensors, before);
});

const network = () => mlp({ event: [2], width: 4, layers: 1, embedding: 8 }, philox(1));
const fine = (n: number) => ones([n, 2]);

test('NaN among the data ends training with the step, and never reaches a checkpoint', () => {
  const model = network();
  const data = (n: number) => (calls++ === 4 ? add(fine(n), Number.NaN) : fine(n));
  let calls = 0;
  assert.throws(
    () => train(model, data, philox(2), { process, steps: 10, batch: 2 }),
    /the loss of step 5 is NaN: .*last good checkpoint/,
  );
  const { parameters } = model;
  const state = trainer({ parameters, loss: lossOf(model.apply), learningRate: () => 1e-3 });
  assert.throws(() => snapshot(parameters, state, philox(0).state()), /\[0\] is NaN: nothing can go on from there/);
});

test('a learning rate that is no number is refused before it is used', () => {
  const model = network();
  const rates = (n: number) => (n === 3 ? Number.NaN : 1e-3);
  assert.throws(
    () => train(model, fine, philox(2), { process, steps: 10, batch: 2, learningRate: rates }),
    /the learning rate of step 4 is NaN/,
  );
  for (const p of model.parameters.values()) assert.ok(p.dataSync().every(Number.isFinite));
});
