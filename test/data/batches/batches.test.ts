import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Batch, type BatchOptions, batches, batchesBy } from '../../../data/batches/batches.js';
import { fillSlot } from '../../../data/batches/fill.js';
import { drawsOf } from '../../../data/batches/plan.js';
import { complain } from '../../../data/batches/ring.js';
import { imageSet } from '../../../data/image-set.js';
import { scaleOf } from '../../../data/scale.js';

const shape = [4, 3, 3] as const;
const count = 50;
const set = imageSet(
  {
    pixels: Uint8Array.from({ length: count * 36 }, (_, i) => (i * i) & 255),
    shape,
    labels: Uint8Array.from({ length: count }, (_, i) => i % 7),
    classes: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
  },
  'x',
);
const options: BatchOptions = { size: 8, seed: 3, flip: true };

/** The batch of this number, drawn here. */
const expected = (nth: number, range: readonly [number, number] = [-1, 1]) => {
  const to = { images: new Float32Array(8 * 36), labels: new Uint16Array(8) };
  const source = { pixels: set.images.data, shape, labels: set.labels.data };
  fillSlot(source, drawsOf({ seed: 3, count, size: 8, flip: true })(nth), scaleOf(range), to);
  return to;
};
const same = ({ images, labels }: Batch, nth: number, range?: readonly [number, number]): void => {
  assert.deepEqual([images.shape, labels.shape], [[8, 4, 3, 3], [8]]);
  assert.deepEqual({ images: images.data, labels: labels.data }, expected(nth, range), `batch ${nth}`);
};

test('batches are those of the plan, however many lie ahead and however late they are taken', async t => {
  for (const ahead of [1, 3]) {
    const stream = batches(set, { ...options, ahead });
    t.after(stream.close);
    const kept = Array.from({ length: 20 }, () => stream.take());
    await pause(50);
    kept.push(...Array.from({ length: 20 }, () => stream.take()));
    kept.forEach((batch, nth) => {
      same(batch, nth);
    });
    assert.equal(stream.state().taken, 40);
  }
});

test('values are in the range that is asked for', t => {
  const stream = batches(set, { ...options, range: [0, 1] });
  t.after(stream.close);
  same(stream.take(), 0, [0, 1]);
});

test('a part of every batch has its rows, and a state that every part goes on from', t => {
  const stream = batches(set, {
    ...options,
    shard: { index: 1, count: 2 },
    from: { ...batches(set, options).state(), taken: 3 },
  });
  t.after(stream.close);
  const { images, labels } = stream.take();
  assert.deepEqual([images.shape, labels.shape], [[4, 4, 3, 3], [4]]);
  const whole = expected(3);
  assert.deepEqual(images.data, whole.images.slice(4 * 36));
  assert.deepEqual(labels.data, whole.labels.slice(4));
  assert.deepEqual(stream.state(), { seed: 3, count, size: 8, flip: true, taken: 4 });
  assert.throws(() => batches(set, { ...options, shard: { index: 0, count: 3 } }), /the rows of a batch is 8/);
});

test('a run goes on from its state as if it had never stopped, and from no other one', t => {
  const one = batches(set, options);
  t.after(one.close);
  for (let nth = 0; nth < 9; nth++) one.take();
  const from = JSON.parse(JSON.stringify(one.state()));
  const two = batches(set, { ...options, from });
  t.after(two.close);
  for (let nth = 9; nth < 20; nth++) same(two.take(), nth);
  assert.throws(() => batches(set, { ...options, size: 9, from }), /has size 8, 9 expected; start without it/);
  assert.throws(() => batches(set, { ...options, seed: 4, from }), /has seed 3, 4 expected/);
  assert.throws(() => batches(set, { ...options, flip: false, from }), /has flip true, false expected/);
  assert.throws(
    () => batches(set, { ...options, from: { ...from, taken: -1 } }),
    /taken in the state of batches is -1/,
  );
});

test('what lies ready is not waited for, and what does not is, to the millisecond', async t => {
  const stream = batches(set, { ...options, ahead: 5 });
  t.after(stream.close);
  const start = performance.now();
  stream.take();
  const first = stream.waited();
  assert.ok(first > 0 && first <= performance.now() - start, `${first}`);
  while (stream.ready() < 5) await pause(5);
  for (let nth = 1; nth < 6; nth++) stream.take();
  assert.equal(stream.waited(), first);
});

test('what went wrong in the thread is thrown where a batch is taken, and a dead thread is noticed', () => {
  const ending = { ended: 0 };
  const end = () => void ending.ended++;
  const broken = batchesBy(({ ring }) => {
    complain(ring, new Error('out of images'));
    return end;
  }, 1000)(set, options);
  assert.throws(() => broken.take(), /^Error: out of images$/);
  const dead = batchesBy(() => end, 50)(set, options);
  assert.throws(() => dead.take(), /the thread that draws batches has not answered for 0\.05 s; open them anew/);
  dead.close();
  assert.equal(ending.ended, 1);
  assert.throws(() => dead.take(), /these batches are closed; open them anew from their state/);
});

test('the thread of batches that are forgotten ends, once, and so does that of closed ones', async () => {
  let ended = 0;
  const open = () => batchesBy(() => () => void ended++, 50)(set, options);
  open();
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let tries = 0; ended === 0 && tries < 200; tries++) {
    await pause(5);
    collect();
  }
  assert.equal(ended, 1);
  open().close();
  for (let tries = 0; tries < 10; tries++) {
    await pause(5);
    collect();
  }
  assert.equal(ended, 2);
});

test('batches of nothing, and no batches, are refused', () => {
  assert.throws(() => batches(set, { ...options, size: 0 }), /size is 0/);
  assert.throws(() => batches(set, { ...options, seed: 0.5 }), /seed is 0.5/);
  assert.throws(() => batches(set, { ...options, ahead: 0 }), /ahead is 0/);
  const none = imageSet({ pixels: new Uint8Array(), shape, labels: [], classes: [] }, 'x');
  assert.throws(() => batches(none, options), /images of the set is 0: give an integer from 1/);
});

test('a program with open batches ends when it is done', async () => {
  const module = (name: string) => new URL(`../../../data/${name}.ts`, import.meta.url).href;
  const program = `import { batches } from '${module('batches/batches')}';
    import { imageSet } from '${module('image-set')}';
    const set = imageSet({ pixels: new Uint8Array(12), shape: [2, 2, 1], labels: [0, 0, 0], classes: ['a'] }, 'x');
    const stream = batches(set, { size: 2, seed: 0 });
    console.log(stream.take().images.shape.join());`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  assert.equal(stdout, '2,2,2,1\n');
});
