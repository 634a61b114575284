import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory, mul, type Scalar, square, sub, sum, type Tensor, tensor1d, variable } from '@tensorflow/tfjs-core';
import { type Report, trainer, training, warmup } from '../../../lib/train/index.js';

/** Learns the mean of its batches: the loss of a batch b is (θ − b)². */
const start = (first = 0) => {
  const θ = variable(tensor1d([first]));
  const learningRate = warmup(0.1, 4);
  const loss = (batch: Tensor) => sum(square(sub(θ, batch))) as Scalar;
  return { θ, learningRate, trainer: trainer({ parameters: new Map([['θ', θ]]), loss, learningRate }) };
};
const one = () => tensor1d([1]);

test('reports come at every so many steps and at the last, with one loss for each step', () => {
  const run = start();
  const reports = [...training(run, one, { steps: 10, every: 4, rows: 3 })];
  assert.deepEqual(
    reports.map(({ step, losses }) => [step, losses.length]),
    [
      [4, 4],
      [8, 4],
      [10, 2],
    ],
  );
  assert.equal(reports[0]!.losses[0], 1); // (0 − 1)²
  assert.ok(Math.abs(reports[0]!.loss - reports[0]!.losses.reduce((a, b) => a + b) / 4) < 1e-12);
  assert.equal(reports[2]!.secondsLeft, 0);
  assert.ok(reports.every(({ perSecond, bytes }) => perSecond > 0 && bytes > 0));
});

test('the gradient norm and the learning rate are those of the last step, before clipping', () => {
  const run = start(5); // the gradient is 2 (5 − 1) = 8, clipped to 1
  const [report] = training(run, one, { steps: 2, every: 1 }) as Iterable<Report>;
  assert.equal(report!.gradientNorm, 8);
  assert.equal(report!.learningRate, 0.025);
});

test('a run goes on from where its trainer stands, and has nothing to do at its end', () => {
  const run = start();
  for (const _ of training(run, one, { steps: 3 }));
  const steps: number[] = [];
  const draw = (step: number) => {
    steps.push(step);
    return one();
  };
  for (const _ of training(run, draw, { steps: 5 }));
  assert.deepEqual(steps, [3, 4]);
  assert.equal([...training(run, one, { steps: 5 })].length, 0);
});

test('the parts of a step are drawn one after the other, and count as one batch', () => {
  const [whole, split] = [start(3), start(3)];
  const drawn: number[] = [];
  const part = (step: number) => {
    drawn.push(step);
    return tensor1d([drawn.length % 2 ? 0 : 2]); // the gradients 2 (θ − 0) and 2 (θ − 2) have the mean of batch 1
  };
  for (const _ of training(whole, one, { steps: 3 }));
  const before = memory().numTensors;
  for (const _ of training(split, part, { steps: 3, parts: 2 }));
  split.trainer.check();
  assert.ok(memory().numTensors <= before);
  assert.deepEqual(drawn, [0, 0, 1, 1, 2, 2]);
  assert.ok(Math.abs(split.θ.dataSync()[0]! - whole.θ.dataSync()[0]!) < 1e-6);
});

test('a signal ends it after a whole step, with a report', () => {
  const run = start();
  const stop = new AbortController();
  const draw = (step: number) => {
    if (step === 6) stop.abort();
    return one();
  };
  const reports = [...training(run, draw, { steps: 100, every: 50, signal: stop.signal })];
  assert.deepEqual(
    reports.map(({ step, losses }) => [step, losses.length]),
    [[7, 7]],
  );
});

test('an error on the way leaves no batch behind', () => {
  const run = start();
  for (const _ of training(run, one, { steps: 1 }));
  const before = memory().numTensors;
  const other = { ...run.trainer, steps: 1, step: () => assert.fail('on the way') };
  assert.throws(() => training({ ...run, trainer: other }, one, { steps: 3 }).next(), /on the way/);
  assert.equal(memory().numTensors, before);
});

test('a caller who leaves early leaves no tensor behind', () => {
  const run = start();
  for (const _ of training(run, one, { steps: 1 })); // what the trainer itself keeps is there now
  const before = memory().numTensors;
  for (const { step } of training(run, one, { steps: 30, every: 3 })) if (step >= 9) break;
  run.trainer.check();
  assert.equal(memory().numTensors, before);
});

test('a loss that is not finite ends the run by the number of its step', () => {
  const run = start();
  const draw = (step: number) => mul(one(), step === 5 ? Number.NaN : 1) as Tensor;
  const seen: number[] = [];
  assert.throws(() => {
    for (const { step } of training(run, draw, { steps: 20, every: 3 })) seen.push(step);
  }, /the loss of step 6 is NaN.*last good checkpoint/);
  assert.deepEqual(seen, [3]);
});

test('a run whose loss is negative, and falls, goes on', () => {
  const θ = variable(tensor1d([1]));
  const loss = (batch: Tensor) => sum(mul(θ, batch)) as Scalar;
  const learningRate = () => 0.01;
  const run = trainer({ parameters: new Map([['θ', θ]]), loss, learningRate });
  const steps = [...training({ trainer: run, learningRate }, () => tensor1d([-1]), { steps: 6, every: 2 })];
  assert.deepEqual(
    steps.map(({ step }) => step),
    [2, 4, 6],
  );
  assert.ok(steps.every(({ loss: value }) => value < 0));
});

test('a run that diverges ends with the step and where the last good state is', () => {
  const θ = variable(tensor1d([1]));
  const loss = (batch: Tensor) => sum(mul(square(θ), batch)) as Scalar;
  const learningRate = () => 1;
  const parameters = new Map([['θ', θ]]);
  const run = trainer({ parameters, loss, learningRate, lastGood: () => 'run.safetensors of step 4' });
  const seen: number[] = [];
  const reports = (divergence?: number) => {
    const draw = (step: number) => tensor1d([step < 6 ? 1 : 1e5]);
    const course = { steps: 10, every: 2, ...(divergence && { divergence }) };
    for (const { step } of training({ trainer: run, learningRate }, draw, course)) seen.push(step);
  };
  assert.throws(
    reports,
    /the mean loss of the 2 steps up to step 8 is .*: it was .* at first; lower .* go on from run\.safetensors of step 4$/,
  );
  assert.deepEqual(seen, [2, 4, 6]);
});

test('courses that lead nowhere are refused', () => {
  const run = start();
  assert.throws(() => training(run, one, { steps: 0 }).next(), /steps is 0/);
  assert.throws(() => training(run, one, { steps: 5, every: 0 }).next(), /every is 0/);
});
