import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cifarClasses, formatCifar, parseCifar, RECORD } from '../../data/cifar.js';
import { philox } from '../../lib/rng/rng.js';
import { MUTATIONS, mutate } from './mutations.js';

/** n records with labels 0, 1, 2 … whose red, green and blue planes hold different ramps. */
const batch = (n: number): Uint8Array =>
  Uint8Array.from({ length: n * RECORD }, (_, i) => {
    const [row, place] = [Math.floor(i / RECORD), i % RECORD];
    return place === 0 ? row % 10 : (row + (place - 1) * (1 + Math.floor((place - 1) / 1024))) & 255;
  });

test('planes become channels, records rows, and batches follow each other', () => {
  const [one, two] = [batch(2), batch(3)];
  const { images, labels, classes } = parseCifar(
    new Map([
      ['one', one],
      ['two', two],
    ]),
  );
  assert.deepEqual(images.shape, [5, 32, 32, 3]);
  assert.deepEqual([...labels.data], [0, 1, 0, 1, 2]);
  assert.equal(classes[labels.get(4)], 'bird');
  for (const [y, x, c] of [
    [0, 0, 0],
    [0, 1, 2],
    [17, 5, 1],
    [31, 31, 2],
  ] as const) {
    assert.equal(images.get(3, y, x, c), two[RECORD + 1 + c * 1024 + y * 32 + x]);
  }
});

test('formatting is the inverse of parsing', () => {
  const { images, labels } = parseCifar(new Map([['x', batch(4)]]));
  assert.deepEqual(formatCifar(images.data, labels.data), batch(4));
});

test('parts of a record, none at all and strange labels are refused', () => {
  const wrong = (bytes: Uint8Array) => () =>
    parseCifar(
      new Map([
        ['good', batch(1)],
        ['x.bin', bytes],
      ]),
    );
  assert.throws(wrong(batch(1).subarray(1)), /^Error: x.bin: 3072 bytes found, a multiple of 3073 expected$/);
  assert.throws(wrong(new Uint8Array()), /^Error: x.bin: 0 bytes found/);
  const strange = batch(2);
  strange[RECORD] = 10;
  assert.throws(wrong(strange), /^Error: x.bin: label 10 found at byte 3073, 0 to 9 expected$/);
});

test('of many damaged batches each is refused by name or has whole images with known classes', () => {
  const rng = philox(1);
  const outcomes = { refused: 0, loaded: 0 };
  for (let i = 0; i < MUTATIONS; i++) {
    const bytes = mutate(batch(3), rng.fold(i));
    try {
      const { images, labels } = parseCifar(new Map([['x.bin', bytes]]));
      assert.deepEqual(formatCifar(images.data, labels.data), bytes);
      assert.ok(labels.data.every(label => label < cifarClasses.length));
      outcomes.loaded++;
    } catch (error) {
      assert.match((error as Error).message, /^x\.bin: .* found.*, .* expected$/);
      outcomes.refused++;
    }
  }
  assert.ok(Math.min(outcomes.refused, outcomes.loaded) > 0.3 * MUTATIONS, JSON.stringify(outcomes));
});
