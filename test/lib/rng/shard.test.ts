import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory, type Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { type Rng, type RngState, rowsOf, type Shard } from '../../../lib/rng/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { deviceRng } from '../../../notebooks/backend/graph/index.js';

const read = (x: Tensor): number[] => {
  const values = Array.from(x.dataSync());
  x.dispose();
  return values;
};

/** Every kind of draw, of so many rows of so many numbers. */
const draws: Record<string, (rng: Rng, rows: number, row: number) => number[]> = {
  normal: (rng, rows, row) => read(rng.normal([rows, row])),
  uniform: (rng, rows, row) => read(rng.uniform([rows, row])),
  rademacher: (rng, rows, row) => read(rng.rademacher([rows, row])),
  normals: (rng, rows, row) => Array.from(rng.normals(rows * row)),
  uniforms: (rng, rows, row) => Array.from(rng.uniforms(rows * row)),
  integers: (rng, rows, row) => Array.from(rng.integers(rows * row, 9)),
};

for (const [where, make] of [
  ['host', (seed: number | RngState, shard?: Shard) => philox(seed, shard && { shard })],
  ['device', (seed: number | RngState, shard?: Shard) => deviceRng(seed, shard && { shard })],
] as const) {
  test(`the draws of all parts, in a row, are the draw of a stream without parts, on the ${where}`, () => {
    const before = memory().numTensors;
    const sizes = fc.tuple(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 7 }),
    );
    fc.assert(
      fc.property(fc.maxSafeNat(), sizes, fc.subarray(Object.keys(draws)), (seed, [count, rows, row], kinds) => {
        const all = make(seed);
        const parts = Array.from({ length: count }, (_, index) => make(seed, { index, count }));
        for (const kind of kinds) {
          const draw = draws[kind]!;
          const expected = draw(all, count * rows, row);
          assert.deepEqual(
            parts.flatMap(part => draw(part, rows, row)),
            expected,
          );
        }
        for (const part of parts) {
          assert.deepEqual(part.state(), all.state());
          assert.deepEqual(part.fold(3).shard, part.shard);
        }
      }),
      { numRuns: 25 },
    );
    assert.equal(memory().numTensors, before);
  });
}

test('parts that are none, and rows that do not split, are refused', () => {
  assert.throws(() => philox(0, { shard: { index: 2, count: 2 } }), /the part is 2: give an integer from 0 to 1/);
  assert.throws(() => philox(0, { shard: { index: 0, count: 0 } }), /the number of parts is 0/);
  assert.equal(rowsOf({ index: 0, count: 3 }, 12), 4);
  assert.throws(() => rowsOf({ index: 0, count: 3 }, 128), /the rows of a batch is 128: .* 3 equal parts/);
});
