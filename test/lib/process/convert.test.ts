import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rescale, toRectifiedFlow, toSubVp, toVe, toVp } from '../../../lib/process/convert.js';
import { varsigma } from '../../../lib/process/gaussian.js';
import { linearBeta } from '../../../lib/process/schedules.js';
import { rectifiedFlow, subVp, vp } from '../../../lib/process/vp.js';
import type { GaussianProcess } from '../../../lib/types.js';
import { processes, relative, timeAt } from '../../support/processes.js';

const same = (a: GaussianProcess, b: GaussianProcess, t: number, tolerance: number) => {
  for (const key of ['alpha', 'sigma', 'f', 'g'] as const) {
    assert.ok(relative(a[key](t), b[key](t)) < tolerance, `${key}(${t}): ${a[key](t)}, not ${b[key](t)}`);
  }
};

const conversions = { toVp, toVe, toSubVp, toRectifiedFlow };

test('conversions keep ς and are consistent processes: f = α′/α, g² = α² dς²/dt', () => {
  const names = fc.constantFrom(...Object.keys(processes));
  const ways = fc.constantFrom(...Object.values(conversions));
  fc.assert(
    fc.property(names, ways, fc.double({ min: 0.3, max: 0.99, noNaN: true }), (name, convert, u) => {
      const from = processes[name]!;
      const to = convert(from);
      const t = timeAt(from, u);
      assert.ok(relative(varsigma(to, t), varsigma(from, t)) < 1e-12);
      const h = t * 1e-4;
      const log = (s: number) => Math.log(to.alpha(s));
      assert.ok(Math.abs((log(t + h) - log(t - h)) / (2 * h) - to.f(t)) < 1e-5 * (Math.abs(to.f(t)) + 1 / t));
      const growth = (varsigma(to, t + h) ** 2 - varsigma(to, t - h) ** 2) / (2 * h);
      assert.ok(relative(to.alpha(t) * Math.sqrt(growth), to.g(t)) < 1e-5);
    }),
  );
});

test('each family is a fixed point of its own conversion, and converting there and back returns', () => {
  for (const t of [1e-4, 0.01, 0.3, 0.9]) {
    same(toVp(vp()), vp(), t, 1e-11);
    same(toSubVp(subVp()), subVp(), t, 1e-11);
    same(toRectifiedFlow(rectifiedFlow()), rectifiedFlow(), t, 1e-11);
    for (const convert of Object.values(conversions)) same(toVp(convert(vp())), vp(), t, 1e-10);
  }
});

test('all four families are their α as a function of ς', () => {
  const rate = linearBeta();
  for (const t of [0.01, 0.2, 0.7]) {
    const v = (process: GaussianProcess) => varsigma(process, t);
    assert.ok(relative(vp().alpha(t), 1 / Math.hypot(1, v(vp()))) < 1e-12);
    assert.ok(relative(subVp().alpha(t), (-v(subVp()) + Math.sqrt(v(subVp()) ** 2 + 4)) / 2) < 1e-10);
    assert.ok(relative(rectifiedFlow(rate, 1).alpha(t), 1 / (1 + v(rectifiedFlow(rate, 1)))) < 1e-12);
  }
  const identity = rescale(
    vp(),
    v => 1 / Math.hypot(1, v),
    v => -v / (1 + v * v),
  );
  same(identity, vp(), 0.4, 1e-12);
});

/** dx/dt of the probability-flow ODE for data N(m, v), whose score is known. */
const velocity = (process: GaussianProcess, m: number, v: number) => (x: number, t: number) => {
  const score = -(x - process.alpha(t) * m) / (process.alpha(t) ** 2 * v + process.sigma(t) ** 2);
  return process.f(t) * x - (process.g(t) ** 2 * score) / 2;
};

/** Classical Runge–Kutta from t0 to t1, evenly in log t. */
const flow = (of: (x: number, t: number) => number, x0: number, t0: number, t1: number, steps = 2000): number => {
  let x = x0;
  const h = Math.log(t1 / t0) / steps;
  const slope = (y: number, s: number) => of(y, Math.exp(s)) * Math.exp(s);
  for (let i = 0; i < steps; i++) {
    const s = Math.log(t0) + i * h;
    const k1 = slope(x, s);
    const k2 = slope(x + (h / 2) * k1, s + h / 2);
    const k3 = slope(x + (h / 2) * k2, s + h / 2);
    const k4 = slope(x + h * k3, s + h);
    x += (h / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
  }
  return x;
};

test('flow trajectories of a process and its conversion are the same but for the scale', () => {
  for (const convert of Object.values(conversions)) {
    const [from, to] = [vp(), convert(vp())];
    const [t0, t1, x1] = [1e-3, 1, 0.8];
    const end = flow(velocity(from, 0.3, 0.25), x1, t1, t0);
    const start = (x1 * to.alpha(t1)) / from.alpha(t1);
    const other = flow(velocity(to, 0.3, 0.25), start, t1, t0);
    assert.ok(relative((other * from.alpha(t0)) / to.alpha(t0), end) < 1e-8, `${other} ${end}`);
  }
});
