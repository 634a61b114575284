import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numbers, pathLength, pathPoints, pointAlong } from '../../../notebooks/figure/paths.js';

test('absolute and relative commands reach the same points', () => {
  const corner = [
    [1, 1],
    [4, 1],
    [4, 5],
  ];
  assert.deepEqual(pathPoints('M1,1H4V5'), corner);
  assert.deepEqual(pathPoints('m1,1h3v4'), corner);
  assert.deepEqual(pathPoints('M1,1L4,1L4,5Z'), corner);
});

test('curves count by where they end', () => {
  assert.deepEqual(pathPoints('M0,0C1,1 2,1 3,0'), [
    [0, 0],
    [3, 0],
  ]);
  assert.deepEqual(pathPoints('M10,0A5,5 0 1,1 0,-5'), [
    [10, 0],
    [0, -5],
  ]);
});

test('a 3-4-5 triangle: length, halfway, and past the end', () => {
  const points = pathPoints('M0,0L3,4L3,9');
  assert.equal(pathLength(points), 10);
  assert.deepEqual(pointAlong(points, 2.5), [1.5, 2]);
  assert.deepEqual(pointAlong(points, 99), [3, 9]);
});

test('numbers run together as SVG permits, exponents included', () => {
  assert.deepEqual(numbers('1-2.5.5e1'), [1, -2.5, 5]);
});
