import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sinkhorn } from '../../../lib/math/index.js';

const costs = (n: number, m: number) =>
  fc.array(fc.double({ min: 0, max: 4, noNaN: true }), { minLength: n * m, maxLength: n * m });

test('a plan has its marginals, and is exp(−cost/ε) but for a factor of each row and each column', () => {
  const [rows, columns] = [
    [0.2, 0.5, 0.3],
    [0.1, 0.4, 0.15, 0.35],
  ];
  fc.assert(
    fc.property(costs(3, 4), fc.constantFrom(1, 3), (cost, epsilon) => {
      const plan = sinkhorn(cost, 3, epsilon, { rows, columns, tolerance: 1e-10 });
      for (const [i, mass] of rows.entries()) {
        const total = columns.reduce((sum, _, j) => sum + plan[i * 4 + j]!, 0);
        assert.ok(Math.abs(total - mass) < 1e-12, `row ${i}: ${total}`);
      }
      for (const [j, mass] of columns.entries()) {
        const total = rows.reduce((sum, _, i) => sum + plan[i * 4 + j]!, 0);
        assert.ok(Math.abs(total - mass) < 1e-9, `column ${j}: ${total}`);
      }
      const log = Array.from(plan, (v, at) => Math.log(v) + cost[at]! / epsilon);
      for (const i of [1, 2]) {
        for (const j of [1, 2, 3]) {
          const minor = log[0]! + log[i * 4 + j]! - log[j]! - log[i * 4]!;
          assert.ok(Math.abs(minor) < 1e-9, `${minor}`);
        }
      }
    }),
    { numRuns: 40 },
  );
});

/** All orders of 0, …, n − 1. */
const orders = (n: number): number[][] =>
  n === 0
    ? [[]]
    : orders(n - 1).flatMap(rest =>
        Array.from({ length: n }, (_, k) => [...rest.slice(0, k), n - 1, ...rest.slice(k)]),
      );

test('with a small ε a plan is the cheapest assignment', () => {
  const [x, y] = [
    [0, 0.3, 1.1, 2, 2.4],
    [2.2, 0.1, 2.9, 0.5, 1.4],
  ];
  const cost = x.flatMap(v => y.map(w => (v - w) ** 2));
  const priced = orders(5).map(order => ({ order, price: order.reduce((sum, j, i) => sum + cost[i * 5 + j]!, 0) }));
  const best = priced.reduce((a, b) => (b.price < a.price ? b : a));
  const plan = sinkhorn(cost, 5, 0.02, { tolerance: 1e-3 });
  for (const [i, j] of best.order.entries()) assert.ok(Math.abs(5 * plan[i * 5 + j]! - 1) < 1e-2, `${i} to ${j}`);
});

test('between two Gaussians on a lattice the covariance is that of the closed form: c² + ½ε c = ab', () => {
  const [a, b, epsilon] = [0.5, 1.3, 0.8];
  const points = Array.from({ length: 81 }, (_, i) => (i - 40) / 5);
  const masses = (variance: number) => {
    const raw = points.map(x => Math.exp((-x * x) / (2 * variance)));
    const total = raw.reduce((sum, v) => sum + v, 0);
    return raw.map(v => v / total);
  };
  const cost = points.flatMap(x => points.map(y => (x - y) ** 2));
  const plan = sinkhorn(cost, 81, epsilon, { rows: masses(a), columns: masses(b), tolerance: 1e-11 });
  const c = points.reduce((sum, x, i) => sum + points.reduce((row, y, j) => row + x * y * plan[i * 81 + j]!, 0), 0);
  assert.ok(Math.abs(c * c + (epsilon / 2) * c - a * b) < 1e-6, `${c}`);
});

test('too few rounds and masses that do not sum to 1 are refused', () => {
  const cost = [0, 1, 1, 0.01];
  assert.throws(() => sinkhorn(cost, 2, 0.001, { rows: [0.3, 0.7], rounds: 3 }), /gap of the columns.*more rounds/s);
  assert.throws(() => sinkhorn(cost, 2, 1, { rows: [0.3, 0.3] }), /mass of the rows/);
  assert.throws(() => sinkhorn(cost, 3, 1), /columns of the cost is 1.33/);
  assert.throws(() => sinkhorn(cost, 2, 0), /epsilon is 0/);
});
