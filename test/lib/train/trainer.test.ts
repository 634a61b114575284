import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dispose, engine, memory, mul, slice, Tensor, tidy } from '@tensorflow/tfjs-core';
import { denoisingBatch, lossOf } from '../../../lib/loss/batch.js';
import { integrate } from '../../../lib/math/quadrature.js';
import { mlp } from '../../../lib/nn/mlp.js';
import { unet } from '../../../lib/nn/unet.js';
import { vp } from '../../../lib/process/vp.js';
import { philox, type Rng } from '../../../lib/rng/rng.js';
import { decodeSafetensors, encodeSafetensors } from '../../../lib/train/safetensors.js';
import { warmup } from '../../../lib/train/schedule.js';
import { readParameters, restore, snapshot, writeParameters } from '../../../lib/train/snapshot.js';
import { trainer } from '../../../lib/train/trainer.js';
import { leavesNothing, near } from '../../support/tensors.js';

const process = vp();
const variance = 0.25;

const start = (seed: number, width = 32) => {
  const network = mlp({ event: [1], width, layers: 2, embedding: 16, fourierScale: 1 }, philox(seed));
  const { parameters, apply } = network;
  return { network, training: trainer({ parameters, loss: lossOf(apply), learningRate: warmup(3e-3, 20) }) };
};

const steps = (training: ReturnType<typeof start>['training'], rng: Rng, count: number, batchSize = 128): number[] =>
  Array.from({ length: count }, () => {
    const x0 = tidy(() => mul(rng.normal([batchSize, 1]), Math.sqrt(variance)));
    const batch = denoisingBatch({ process }, x0, rng);
    const loss = training.step(batch);
    const [value] = loss.dataSync();
    dispose([x0, batch, loss]);
    return value!;
  });

/** Rows from … of every tensor of a batch. */
const rowsOf = <T>(batch: T, from: number, count: number): T =>
  Object.fromEntries(
    Object.entries(batch as object).map(([name, value]) => [
      name,
      value instanceof Tensor ? slice(value, from, count) : rowsOf(value, from, count),
    ]),
  ) as T;

test('training on N(0, v) brings the loss to within 5 % of its floor, the mean of α²v/(α²v + σ²)', () => {
  const { network, training } = start(1);
  const losses = steps(training, philox(2), 400);
  const floor = integrate(
    t => {
      const a = process.alpha(t) ** 2 * variance;
      return a / (a + process.sigma(t) ** 2);
    },
    1e-5,
    1,
  );
  const last = losses.slice(-200).reduce((a, b) => a + b) / 200;
  assert.ok(losses[0]! > 3 * floor, `${losses[0]}`);
  assert.ok(last > 0.97 * floor && last < 1.05 * floor, `${last}, floor ${floor}`);
  assert.equal(training.steps, 400);
  training.dispose();
  network.dispose();
});

test('a run that goes on from its file is bit for bit the run that was not interrupted', () => {
  const rng = philox(5);
  const a = start(1, 8);
  const first = steps(a.training, rng, 5);
  const file = encodeSafetensors(snapshot(a.network.parameters, a.training, rng.state(), { task: 'test' }));
  const rest = steps(a.training, rng, 5);
  const b = start(99, 8);
  const archive = decodeSafetensors(file);
  assert.equal(archive.metadata.task, 'test');
  const again = steps(b.training, philox(restore(archive, b.network.parameters, b.training)), 5);
  assert.deepEqual(again, rest);
  assert.notDeepEqual(again, first);
  assert.deepEqual(
    encodeSafetensors(snapshot(b.network.parameters, b.training, rng.state())),
    encodeSafetensors(snapshot(a.network.parameters, a.training, rng.state())),
  );
});

test('a batch in parts takes the step of the whole batch', () => {
  const [whole, parted] = [start(1, 8), start(1, 8)];
  const rng = philox(5);
  for (let i = 0; i < 5; i++) {
    const x0 = rng.normal([12, 1]);
    const batch = denoisingBatch({ process }, x0, rng);
    const parts = [0, 4, 8].map(from => rowsOf(batch, from, 4));
    const [a, b] = [whole.training.step(batch), parted.training.step(...parts)].map(loss => loss.dataSync()[0]!);
    assert.ok(Math.abs(a! - b!) < 1e-6 * a!, `${a}, ${b}`);
  }
  const values = ({ network }: typeof whole) =>
    [...readParameters(network.parameters).values()].flatMap(p => Array.from(p.values as Float32Array));
  near(values(parted), values(whole), 1e-5);
  assert.throws(() => whole.training.step(), /the number of parts of the batch is 0/);
});

test('`reduce` takes gradient and loss of a part to the mean that the step goes by', () => {
  const make = (reduce?: (vector: Tensor) => Tensor) => {
    const network = mlp({ event: [1], width: 8, layers: 2, embedding: 16 }, philox(1));
    const { parameters, apply } = network;
    const training = trainer({ parameters, loss: lossOf(apply), learningRate: () => 1e-3, ...(reduce && { reduce }) });
    return { network, training };
  };
  const sizes: number[] = [];
  const [plain, same, doubled] = [
    make(),
    make(vector => {
      sizes.push(vector.size);
      return vector.clone();
    }),
    make(vector => mul(vector, 2)),
  ];
  const [expected, found] = [plain, same].map(({ training }) => steps(training, philox(5), 3));
  assert.deepEqual(found, expected);
  assert.deepEqual(readParameters(same!.network.parameters), readParameters(plain!.network.parameters));
  assert.deepEqual(sizes, Array(3).fill(plain!.training.layout.size + 1));
  const first = make();
  const [loss, twice] = [first, doubled].map(({ training }) => steps(training, philox(5), 1)[0]!);
  assert.equal(twice, 2 * loss!);
  assert.ok(Math.abs(doubled!.training.gradientNorm() / (2 * first.training.gradientNorm()) - 1) < 1e-6);
  const before = memory().numTensors;
  steps(same!.training, philox(6), 2);
  assert.equal(memory().numTensors, before + 2); // the losses that are to be checked
});

test('the averaged parameters are in the network while asked for, and the trained ones after, also after an error', () => {
  const { network, training } = start(1, 8);
  steps(training, philox(5), 3);
  const before = memory().numTensors;
  const values = () => [...readParameters(network.parameters).values()].map(p => Array.from(p.values as Float32Array));
  const trained = values();
  const averaged = training.withAverage(values);
  assert.notDeepEqual(averaged, trained);
  assert.deepEqual(values(), trained);
  assert.throws(() => training.withAverage(() => assert.fail('inside')), /inside/);
  assert.deepEqual(values(), trained);
  assert.equal(memory().numTensors, before);
});

test('a step of a U-Net changes every parameter that reaches the output and leaves no tensor behind', () => {
  const config = {
    channels: 1,
    width: 4,
    multipliers: [1, 2],
    blocks: 1,
    attention: [1],
    groups: 2,
    patch: 1,
    embedding: 8,
  };
  const network = unet(config, philox(1));
  const { parameters, apply } = network;
  const training = trainer({ parameters, loss: lossOf(apply), learningRate: () => 1e-3 });
  const rng = philox(2);
  const step = () => {
    const x0 = rng.normal([2, 8, 8, 1]);
    const batch = denoisingBatch({ process }, x0, rng);
    dispose([x0, batch, training.step(batch)]);
  };
  const before = readParameters(parameters);
  for (let i = 0; i < 3; i++) step(); // zeros at the end let only the last layer move at first, then the one before
  training.check(); // which reads the losses that were kept until now
  leavesNothing(() => {
    step();
    training.check();
  });
  const after = readParameters(parameters);
  for (const [name, { values }] of after) assert.notDeepEqual(values, before.get(name)!.values, name);
});

test('files that do not belong to the network are refused by name and shape', () => {
  const { network, training } = start(1, 8);
  const archive = snapshot(network.parameters, training, philox(1).state());
  const other = start(1, 16);
  assert.throws(
    () => restore(archive, other.network.parameters, other.training),
    /the shape of enter\.w is \[1, 8\]: \[1, 16\]/,
  );
  assert.throws(() => writeParameters(network.parameters, new Map()), /the array is .*it is missing/);
  const more = new Map([...readParameters(network.parameters), ['extra.w', archive.tensors.values().next().value!]]);
  assert.throws(() => writeParameters(network.parameters, more), /"extra.w": the network has no such layer/);
  const unnumbered = { ...archive.metadata, steps: '' };
  assert.throws(
    () => restore({ ...archive, metadata: unnumbered }, network.parameters, training),
    /the number of steps is NaN/,
  );
  assert.throws(() => restore({ ...archive, metadata: {} }, network.parameters, training), /the entries steps and rng/);
});

test('a snapshot that does not fit leaves network and trainer as they are', () => {
  const a = start(1, 8);
  const b = start(2, 8);
  steps(a.training, philox(3), 2);
  const archive = snapshot(a.network.parameters, a.training, philox(1).state());
  const before = snapshot(b.network.parameters, b.training, philox(1).state());
  const cut = new Map(archive.tensors);
  cut.delete('trainer/average');
  const damaged = [
    { ...archive, tensors: cut },
    { ...archive, metadata: { ...archive.metadata, steps: '1.5' } },
    { ...archive, metadata: { ...archive.metadata, rng: '{}' } },
  ];
  for (const each of damaged) assert.throws(() => restore(each, b.network.parameters, b.training), RangeError);
  assert.deepEqual(snapshot(b.network.parameters, b.training, philox(1).state()), before);
});

/** Runs with an error at the k-th operation or scope, as an interrupt of a notebook is one; whether it got there. */
const interrupted = (k: number, run: () => void): boolean => {
  const open = engine();
  const { runKernel, startScope } = open;
  let left = k;
  const safePoint = () => {
    if (--left === 0) throw new Error('interrupted');
  };
  open.runKernel = (...args) => {
    safePoint();
    return runKernel.apply(open, args) as never;
  };
  open.startScope = (...args) => {
    safePoint();
    startScope.apply(open, args);
  };
  try {
    run();
  } catch (error) {
    assert.equal((error as Error).message, 'interrupted');
  } finally {
    open.runKernel = runKernel;
    open.startScope = startScope;
  }
  return left <= 0;
};

test('a step that is interrupted, wherever it is, has happened as a whole or not at all', () => {
  const rng = philox(5);
  const batch = denoisingBatch({ process }, rng.normal([4, 1]), rng);
  const state = ({ network, training }: ReturnType<typeof start>) =>
    snapshot(network.parameters, training, philox(1).state());
  const whole = start(1, 4);
  whole.training.step(batch);
  const after = state(whole);
  const run = start(1, 4);
  const before = state(run);
  let operations = 1;
  for (; run.training.steps === 0; operations++) {
    interrupted(operations, () => run.training.step(batch));
    assert.deepEqual(state(run), run.training.steps === 0 ? before : after);
  }
  assert.ok(operations > 100);
});
