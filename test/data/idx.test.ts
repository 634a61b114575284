import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIdx } from '../../data/idx.js';
import { philox } from '../../lib/rng/rng.js';
import { MUTATIONS, mutate } from './mutations.js';

const file = (magic: number[], sizes: number[], elements: number[]): Uint8Array =>
  Uint8Array.from([...magic, ...sizes.flatMap(size => [0, 0, 0, size]), ...elements]);

test('elements come out in row-major order', () => {
  const array = parseIdx(file([0, 0, 8, 2], [2, 3], [1, 2, 3, 4, 5, 6]), [2, 3], 'x');
  assert.equal(array.get(1, 0), 4);
  assert.equal(array.get(0, 2), 3);
});

for (const [name, bytes, message] of [
  ['a short header', file([0, 0, 8, 2], [2], []), /^Error: x: truncated: the header has 12 bytes, the file 8$/],
  [
    'another element type',
    file([0, 0, 13, 2], [2, 3], [1, 2, 3, 4, 5, 6]),
    /magic number 0x00000d02 found, 0x00000802 expected/,
  ],
  ['other sizes', file([0, 0, 8, 2], [3, 2], [1, 2, 3, 4, 5, 6]), /sizes 3×2 found, 2×3 expected/],
  ['missing elements', file([0, 0, 8, 2], [2, 3], [1, 2, 3]), /15 bytes found, 18 expected/],
] as const) {
  test(`${name} is refused, naming expected and found`, () => {
    assert.throws(() => parseIdx(bytes, [2, 3], 'x'), message);
  });
}

test('of many damaged files each is refused by name or has the sizes asked for', () => {
  const rng = philox(1);
  const whole = file(
    [0, 0, 8, 3],
    [2, 5, 7],
    Array.from({ length: 70 }, (_, i) => i),
  );
  const outcomes = { refused: 0, loaded: 0 };
  for (let i = 0; i < MUTATIONS; i++) {
    const bytes = mutate(whole, rng.fold(i));
    try {
      const { shape, data } = parseIdx(bytes, [2, 5, 7], 'x');
      assert.deepEqual([shape, [...data]], [[2, 5, 7], [...bytes.subarray(16)]]);
      outcomes.loaded++;
    } catch (error) {
      assert.match((error as Error).message, /^x: (truncated: .*|.* found, .* expected)$/);
      outcomes.refused++;
    }
  }
  assert.ok(Math.min(outcomes.refused, outcomes.loaded) > 0.3 * MUTATIONS, JSON.stringify(outcomes));
});
