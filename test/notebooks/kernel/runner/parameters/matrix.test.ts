import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parameterSets, parseAxis } from '../../../../../notebooks/kernel/runner/parameters/matrix.js';

test('an axis is split at commas, but for those inside a list, an object or a text', () => {
  assert.deepEqual(parseAxis('a=1,[2,3],{"b":4,"c":5},"x,y",z'), {
    name: 'a',
    values: ['1', '[2,3]', '{"b":4,"c":5}', '"x,y"', 'z'],
  });
  assert.equal(parseAxis('a.ipynb'), undefined);
});

test('a matrix is every combination, and goes before what is given to all', () => {
  const axes = [parseAxis('scale=smoke,full')!, parseAxis('seed=0,1')!];
  const sets = parameterSets({ seed: [9], rate: [0.5] }, axes);
  assert.deepEqual(
    sets.map(({ given }) => [given.scale![0], given.seed![0], given.rate![0]]),
    [
      ['smoke', 0, 0.5],
      ['smoke', 1, 0.5],
      ['full', 0, 0.5],
      ['full', 1, 0.5],
    ],
  );
  assert.deepEqual(parameterSets({}, []), [{ given: {}, point: [] }]);
});
