import '../../../support/backend.js';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { dispose } from '@tensorflow/tfjs-core';
import { philox } from '../../../../lib/rng/index.js';
import { cluster } from '../../../../notebooks/backend/cluster/index.js';
import { folderOf } from '../../../support/files.js';
import { slow } from '../../../support/slow.js';
import { launch, ports, skip } from './launch.js';
import { BATCH, digest, draw, LAYERS, make, RATE, type Setting, WIDTH } from './setting.js';

const STEPS = 6;

/** One process that takes these parts of every batch, one after the other, and averages their gradients. */
const alone = (count: number, setting: Setting) => {
  const learner = make(0, setting);
  const streams = Array.from({ length: count }, (_, index) => philox(5, { shard: { index, count } }));
  const losses: number[] = [];
  let steepest = 0;
  for (let step = 0; step < STEPS; step++) {
    const parts = streams.map(draw);
    const loss = learner.run.step(...parts);
    losses.push(loss.dataSync()[0]!);
    steepest = Math.max(steepest, learner.run.gradientNorm());
    dispose([parts, loss]);
  }
  const parameters = Array.from(learner.run.slots.parameters!.dataSync());
  const found = { losses, parameters, digest: digest(learner), steepest };
  learner.run.dispose();
  learner.network.dispose();
  return found;
};

const furthest = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);

test('two processes train bit for bit as one that averages the gradients of two halves', { skip }, async () => {
  const { losses, digest } = alone(2, {});
  for (const found of await launch(2, { steps: STEPS })) {
    assert.equal(found.error, undefined);
    assert.deepEqual({ losses: found.losses, digest: found.digest }, { losses, digest });
  }
});

/**
 * The mean of B rows, summed in another order, differs by B u of the mean size of its terms, u = 2⁻²⁴, and each row's
 * gradient by the sums of WIDTH terms in its layers, forth and back. Plain descent adds a step's error to the one before;
 * while η L N ≪ 1 they do not grow. The terms are taken as no larger than √B times the steepest gradient.
 */
const rounding = (steepest: number): number => {
  const layers = 2 * (3 * LAYERS + 4);
  return (BATCH + layers * WIDTH) * 2 ** -24 * Math.sqrt(BATCH) * steepest * RATE * STEPS;
};

for (const [count, compiled] of [
  [3, false],
  [2, true],
] as const) {
  const what = `${count} ${compiled ? 'compiled ' : ''}processes equal one with the whole batch, to rounding`;
  test(what, { skip: skip || slow('it starts several processes') }, async () => {
    const found = await launch(count, { steps: STEPS, plain: true, compiled });
    const expected = alone(1, { plain: true });
    const bound = rounding(expected.steepest);
    assert.ok(bound < 1e-3 * RATE * expected.steepest, 'the bound tells a wrong batch from a right one');
    for (const { parameters, digest } of found) {
      assert.equal(digest, found[0]!.digest);
      const gap = furthest(parameters!, expected.parameters);
      assert.ok(gap <= bound, `${gap}, not within ${bound}`);
    }
  });
}

test('a killed worker is named at once, and both go on from the checkpoint bit for bit', { skip }, async () => {
  const { folder } = folderOf({});
  const checkpoint = join(folder, 'run.safetensors');
  const until = { step: 3, signal: 'SIGKILL' } as const;
  const [first, killed] = await launch(2, { steps: STEPS, checkpoint }, index => (index === 1 ? { until } : {}));
  assert.match(first!.error!, /^task 1 \(127\.0\.0\.1:\d+\) is lost: .*start all tasks again.*last checkpoint$/);
  assert.ok(first!.at! - killed!.at! < 10_000, `${first!.at! - killed!.at!} ms`); // far below the timeout of 60 s
  const resumed = await launch(2, { steps: STEPS, checkpoint });
  const whole = alone(2, {});
  for (const { began, losses, digest } of resumed) {
    assert.equal(began, 2);
    assert.deepEqual({ losses, digest }, { losses: whole.losses.slice(2), digest: whole.digest });
  }
});

test('of three, one that stands still is named by both others', { skip: skip || slow('it waits') }, async () => {
  const until = { step: 2, signal: 'SIGSTOP' } as const;
  const [first, second, still] = await launch(3, { steps: STEPS, timeout: 15 }, index =>
    index === 2 ? { until } : {},
  );
  for (const { error, at } of [first!, second!]) {
    assert.match(error!, /task 2 \(127\.0\.0\.1:\d+\) is lost: Deadline Exceeded/);
    assert.ok(at! - still!.at! < 15_000 + 10_000, `${at! - still!.at!} ms`);
  }
});

test('tasks that train other parameters than task 0 are named in all, with what differs', { skip }, async () => {
  const [first, second] = await launch(2, { steps: STEPS }, index => ({ width: 16 + index }));
  assert.match(first!.error!, /^task 1 \(127\.0\.0\.1:\d+\) trains other parameters than task 0$/);
  assert.match(second!.error!, /^task 1 .* than task 0: enter\.w is \[2, 17\] here and \[2, 16\] in task 0$/);
});

test('one task alone trains without a server', async () => {
  const group = await cluster({ tasks: [1], index: 0 });
  assert.deepEqual([...group.mean(Float32Array.of(1, 2))], [1, 2]);
  group.close();
});

test('wrong addresses and indices are refused, with the way out', async () => {
  await assert.rejects(cluster({ tasks: [], index: 0 }), /the number of tasks is 0: give the address of every task/);
  await assert.rejects(
    cluster({ tasks: [1, 2], index: 2 }),
    /the index of this task is 2: give an integer from 0 to 1/,
  );
  await assert.rejects(cluster({ tasks: [1, 1], index: 0 }), /the address of two tasks is "127.0.0.1:1"/);
  await assert.rejects(cluster({ tasks: ['host', 1], index: 0 }), /the address of task 0 is "host": give 'host:port'/);
  await assert.rejects(cluster({ tasks: ['a:1', 'b:70000'], index: 0 }), /the port of task 1 is 70000/);
  await assert.rejects(cluster({ tasks: [1, 2], index: 0, timeout: 0 }), /timeout is 0/);
});

test('a port in use and a task that does not come are named', { skip }, async () => {
  const [own, other] = await ports(2);
  const server = createServer().listen(own);
  await once(server, 'listening');
  await assert.rejects(
    cluster({ tasks: [own!, other!], index: 0 }),
    new RegExp(`^Error: task 0 \\(127.0.0.1:${own}\\) cannot start: port ${own} is in use, or may not be opened$`),
  );
  server.close();
  await once(server, 'close');
  await assert.rejects(
    cluster({ tasks: [own!, other!], index: 0, timeout: 0.3 }),
    new RegExp(`task 1 \\(127.0.0.1:${other}\\) did not come within 0.3 s`),
  );
  await assert.rejects(cluster({ tasks: [own!, other!], index: 0 }), /this process belongs to a cluster already/);
});
