import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawsOf, permutation } from '../../../data/batches/plan.js';

const plan = { seed: 5, count: 10, size: 4, flip: true };
const sorted = (rows: Iterable<number>): number[] => [...rows].sort((a, b) => a - b);

test('every epoch shows each image once, in an order of its own, whatever the size of a batch', () => {
  for (const size of [1, 4, 10, 23]) {
    const draw = drawsOf({ ...plan, size });
    const rows = Array.from({ length: Math.ceil(60 / size) }, (_, nth) => [...draw(nth).rows]).flat();
    const epochs = Array.from({ length: 6 }, (_, epoch) => rows.slice(10 * epoch, 10 * epoch + 10));
    for (const epoch of epochs) assert.deepEqual(sorted(epoch), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.equal(new Set(epochs.map(String)).size, 6);
  }
});

test('a draw depends on its number and the seed alone', () => {
  const [forward, backward] = [drawsOf(plan), drawsOf(plan)];
  const there = Array.from({ length: 9 }, (_, nth) => forward(nth));
  const back = Array.from({ length: 9 }, (_, nth) => backward(8 - nth)).reverse();
  assert.deepEqual(back, there);
  for (const seed of [6, 5 + 2 ** 32]) {
    const other = Array.from({ length: 9 }, (_, nth) => drawsOf({ ...plan, seed })(nth));
    assert.notDeepEqual(
      other.map(({ rows }) => rows),
      there.map(({ rows }) => rows),
    );
    assert.notDeepEqual(
      other.map(({ mirrored }) => mirrored),
      there.map(({ mirrored }) => mirrored),
    );
  }
});

test('half of the images are mirrored, or none', () => {
  const n = 10_000;
  const { mirrored } = drawsOf({ ...plan, size: n })(3);
  const count = mirrored.reduce((sum, each) => sum + each, 0);
  assert.ok(Math.abs(count - n / 2) < 5 * Math.sqrt(n / 4)); // five deviations of the binomial
  assert.ok(drawsOf({ ...plan, size: n, flip: false })(3).mirrored.every(each => each === 0));
});

test('every order of three is as likely as the others', () => {
  const n = 6000;
  const counts = new Map<string, number>();
  for (let seed = 0; seed < n; seed++) {
    const order = permutation(3, seed).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  for (const count of counts.values()) assert.ok(Math.abs(count - n / 6) < 5 * Math.sqrt((n * 5) / 36));
});

test('the parts of a batch, in a row, are the batch', () => {
  for (const count of [1, 2, 4]) {
    const whole = drawsOf(plan);
    const parts = Array.from({ length: count }, (_, index) => drawsOf(plan, { index, count }));
    for (let nth = 0; nth < 6; nth++) {
      const drawn = parts.map(draw => draw(nth));
      const { rows, mirrored } = whole(nth);
      assert.deepEqual(
        drawn.flatMap(draw => [...draw.rows]),
        [...rows],
      );
      assert.deepEqual(
        drawn.flatMap(draw => [...draw.mirrored]),
        [...mirrored],
      );
    }
  }
  assert.throws(() => drawsOf(plan, { index: 0, count: 3 }), /the rows of a batch is 4/);
});
