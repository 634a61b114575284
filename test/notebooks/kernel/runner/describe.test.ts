import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, duration, excerpt, titleOf } from '../../../../notebooks/kernel/runner/describe.js';

test('durations read as a person says them, without a gap between units', () => {
  const said = [0.4, 83, 999.6, 4210, 59_949, 59_960, 185_000, 3_599_600, 7_440_000].map(duration);
  assert.deepEqual(said, [
    ...[
      '0 ms',
      '83 ms',
      '1.00 s',
      '4.21 s',
      '59.9 s',
      '1 min 00 s',
      '3 min 05 s',
      '1 h 00 min',
      '2 h 04 min',
    ],
  ]);
});

test('memory in decimal units', () => {
  assert.deepEqual([312e6, 1.42e9].map(bytes), ['312 MB', '1.42 GB']);
});

test('an excerpt marks its line and stays inside the source', () => {
  assert.deepEqual(excerpt('a\nb\nc\nd', 1), ['>    1 | a', '     2 | b', '     3 | c']);
});

test('the title is the first heading, the file name without one', () => {
  const text = (source: string) => ({
    cells: [{ cell_type: 'markdown' as const, id: 'a', source, metadata: {} }],
    metadata: {},
  });
  assert.equal(titleOf(text('intro\n\n# The *reverse* SDE\n\n# Later'), 'x/01-a.ipynb'), 'The *reverse* SDE');
  assert.equal(titleOf(text('no heading'), 'x/01-a.ipynb'), '01-a');
});
