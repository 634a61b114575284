import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, duration, excerpt } from '../../../../../notebooks/kernel/runner/record/describe.js';

test('durations read as a person says them, without a gap between units', () => {
  const said = [0.4, 83, 999.6, 4210, 59_949, 59_960, 185_000, 3_599_600, 7_440_000].map(duration);
  assert.deepEqual(said, [
    ...['0 ms', '83 ms', '1.00 s', '4.21 s', '59.9 s', '1 min 00 s', '3 min 05 s', '1 h 00 min', '2 h 04 min'],
  ]);
});

test('memory in decimal units', () => {
  assert.deepEqual([312e6, 1.42e9].map(bytes), ['312 MB', '1.42 GB']);
});

test('an excerpt marks its line and stays inside the source', () => {
  assert.deepEqual(excerpt('a\nb\nc\nd', 1), ['>    1 | a', '     2 | b', '     3 | c']);
});
