import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkerboard, ring, swissRoll, twoMoons } from '../../data/points.js';
import { philox } from '../../lib/rng/rng.js';

const N = 4000;

test('the same seed gives the same points, another one others', () => {
  for (const generate of [checkerboard, ring, swissRoll, twoMoons]) {
    assert.deepEqual(generate(50, philox(1)).data, generate(50, philox(1)).data);
    assert.notDeepEqual(generate(50, philox(1)).data, generate(50, philox(2)).data);
  }
});

test('the checkerboard fills its eight dark squares alone, and each of them', () => {
  const points = checkerboard(N, philox(3));
  const counts = new Map<string, number>();
  for (let i = 0; i < N; i++) {
    const square = [Math.floor(points.get(i, 0)), Math.floor(points.get(i, 1))];
    assert.equal(Math.abs(square[0]! + square[1]!) % 2, 0);
    counts.set(square.join(), (counts.get(square.join()) ?? 0) + 1);
  }
  assert.equal(counts.size, 8);
  const expected = N / 8;
  for (const count of counts.values()) assert.ok(Math.abs(count - expected) < 5 * Math.sqrt(expected));
});

test('the ring has radius 2, the moons lie around their two circles', () => {
  const circle = ring(N, philox(4));
  let radius = 0;
  for (let i = 0; i < N; i++) radius += Math.hypot(circle.get(i, 0), circle.get(i, 1)) / N;
  assert.ok(Math.abs(radius - (2 + 0.12 ** 2 / 4)) < (5 * 0.12) / Math.sqrt(N)); // E‖r‖ = 2 + s²/(2·2) + O(s⁴)
  const moons = twoMoons(N, philox(5));
  for (let i = 0; i < N; i++) {
    const [x, y] = [moons.get(i, 0) + 0.5, moons.get(i, 1) + 0.25];
    const away = Math.min(Math.abs(Math.hypot(x, y) - 1), Math.abs(Math.hypot(x - 1, y - 0.5) - 1));
    assert.ok(away < 6 * 0.08);
  }
});
