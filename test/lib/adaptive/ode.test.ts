import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, concat, memory, mul, slice, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { type Flow, probabilityFlow, solveOde } from '../../../lib/adaptive/index.js';
import { exactScore, lineFlow, marginal, mixture, quantile } from '../../../lib/exact/index.js';
import { ve, vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { scaleRows } from '../../../lib/rows.js';
import { bogackiShampine, dormandPrince } from '../../../lib/samplers/index.js';
import { gap, lineMixture } from '../../oracle.js';

const read = (x: Tensor): number[] => Array.from(x.dataSync());

/** dx/dt = rate·cos t x, so x = x_0 e^{rate sin t}. */
const swing =
  (rate: number): Flow =>
  ([x], t) => [
    scaleRows(
      x!,
      t.map(v => rate * Math.cos(v)),
    ),
  ];

test('forwards and backwards it arrives within tolerance, and its dense output is as good in between', () => {
  const x = tensor([[1], [2], [-3]]);
  const saveAt = [0.1, 0.37, 1, 1.9, 2.6];
  for (const tableau of [dormandPrince, bogackiShampine]) {
    const { parts, saved } = solveOde(swing(2), [x], 0, 3, { rtol: 1e-5, atol: 1e-6, saveAt, tableau });
    const exact = (t: number) => [1, 2, -3].map(v => v * Math.exp(2 * Math.sin(t)));
    // Errors of at most rtol a step add up over some 60 steps.
    const close = (got: Tensor, want: number[], bound = 1e-4) =>
      assert.ok(gap(read(got), want) < bound * Math.abs(want[2]!), `${read(got)} against ${want}`);
    close(parts[0]!, exact(3));
    for (const [i, t] of saveAt.entries()) close(saved[i]![0]!, exact(t));
    close(solveOde(swing(2), parts, 3, 0, { rtol: 1e-5, atol: 1e-6, tableau }).parts[0]!, [1, 2, -3], 2e-4);
  }
});

test('the dense output of Dormand–Prince is of order 4 where Hermite’s cubic is of order 3', () => {
  // y = t⁴ over one long step: the quartic interpolant is exact, the cubic is not.
  const power: Flow = ([x], t) => [
    scaleRows(
      add(mul(x!, 0), 1),
      t.map(v => 4 * v ** 3),
    ),
  ];
  const run = (tableau: typeof dormandPrince) => {
    const { saved } = solveOde(power, [tensor([[0]])], 0, 1, { rtol: 1, atol: 10, saveAt: [0.3, 0.6, 0.9], tableau });
    return gap(
      saved.flatMap(s => read(s[0]!)),
      [0.3, 0.6, 0.9].map(t => t ** 4),
    );
  };
  assert.ok(run(dormandPrince) < 1e-6, `${run(dormandPrince)}`);
});

test('the probability flow keeps the distribution function', () => {
  for (const process of [vp(), ve()]) {
    const p = [0.02, 0.2, 0.45, 0.7, 0.95];
    const at = marginal(lineMixture, process, 1);
    const x = tensor(p.map(v => [quantile(at, v)]));
    const { parts, evaluations } = solveOde(probabilityFlow(process, exactScore(lineMixture, process)), [x], 1, 0.02, {
      rtol: 1e-6,
      atol: 1e-6,
    });
    const want = read(x).map(v => lineFlow(lineMixture, process, v, 1, 0.02));
    assert.ok(gap(read(parts[0]!), want) < 2e-5, `${read(parts[0]!)} against ${want}`);
    assert.ok(evaluations < 2000);
  }
});

test('no row changes the result of another, to the last bit', () => {
  const model = mixture([
    { weight: 0.5, mean: [1, -1, 0.3], covariance: [0.1, 0.2, 0.05] },
    { weight: 0.5, mean: [-1, 0.5, 0], covariance: 0.1 },
  ]);
  const process = vp();
  const flow = probabilityFlow(process, exactScore(model, process));
  const x = philox(3).normal([17, 3]);
  const run = (batch: Tensor) => solveOde(flow, [batch], 1, 0.01, { saveAt: [0.5] });
  const all = run(x);
  const rowsOf = (y: Tensor, at: number, n: number): number[] => read(slice(y, [at, 0], [n, 3]));
  for (const kept of [5, 12]) {
    // The other rows are replaced, some by outliers that need many steps.
    const [before, after] = [philox(4).normal([kept, 3]), philox(5).normal([16 - kept, 3])];
    const other = run(concat([mul(before, 30), slice(x, [kept, 0], [1, 3]), mul(after, 0.1)]));
    assert.deepEqual(rowsOf(other.parts[0]!, kept, 1), rowsOf(all.parts[0]!, kept, 1));
    assert.deepEqual(rowsOf(other.saved[0]![0]!, kept, 1), rowsOf(all.saved[0]![0]!, kept, 1));
    assert.equal(other.accepted[kept], all.accepted[kept]);
    // Alone, the row goes through other vector instructions: equal to rounding.
    const alone = run(slice(x, [kept, 0], [1, 3]));
    assert.ok(gap(read(alone.parts[0]!), rowsOf(all.parts[0]!, kept, 1)) < 1e-5);
  }
  assert.ok(new Set(all.accepted).size > 1, 'rows took different numbers of steps');
});

test('nothing leaks', () => {
  const x = tensor([[1], [2]]);
  const before = memory().numTensors;
  const { parts, saved } = solveOde(swing(1), [x], 0, 2, { saveAt: [1, 1.5] });
  assert.equal(memory().numTensors, before + 3);
  for (const y of [...parts, ...saved.flat()]) y.dispose();
  assert.equal(memory().numTensors, before);
});

test('what cannot be solved is refused with row and time', () => {
  const x = tensor([[1], [2]]);
  const broken: Flow = ([y], t) => [
    scaleRows(
      y!,
      t.map(v => (v > 0.5 ? Number.NaN : 1)),
    ),
  ];
  assert.throws(() => solveOde(broken, [x], 0, 1), /error of row 0 at t = 0\.\d+ is NaN/);
  assert.throws(() => solveOde(swing(1), [x], 0, 1, { rtol: 1e-9 }), /rtol is 1e-9/);
  assert.throws(() => tidy(() => solveOde(swing(1), [x], 0, 50, { maxSteps: 3 }).parts), /row 0 has not arrived/);
});

test('rows of a single coordinate stay near the tolerance, where the embedded estimate alone fails by accident', () => {
  const process = vp();
  const n = 99;
  const at = marginal(lineMixture, process, 1);
  const x = tensor(Array.from({ length: n }, (_, i) => [quantile(at, (i + 1) / (n + 1))]));
  const want = read(x).map(v => lineFlow(lineMixture, process, v, 1, 0.02));
  const flow = probabilityFlow(process, exactScore(lineMixture, process));
  for (const tol of [1e-4, 1e-5, 3e-6, 1e-6]) {
    const { parts } = solveOde(flow, [x], 1, 0.02, { rtol: tol, atol: tol });
    const errors = read(parts[0]!).map((v, i) => Math.abs(v - want[i]!) / tol);
    errors.sort((a, b) => a - b);
    assert.ok(errors[49]! < 2 && errors[89]! < 10 && errors[98]! < 100, `${errors.slice(-3)} at ${tol}`);
  }
});

test('a step is measured by the larger of its two ends: from 0 to t⁷ no step is rejected, whatever its length', () => {
  const seventh: Flow = (_, t) => [tensor([[7 * t[0]! ** 6]])];
  const { parts, rejected } = solveOde(seventh, [tensor([[0]])], 0, 1, { rtol: 0.1, atol: 1e-7 });
  assert.equal(rejected[0], 0);
  assert.ok(Math.abs(read(parts[0]!)[0]! - 1) < 0.1);
});
