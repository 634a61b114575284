import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { momentRun } from '../../../lib/exact/index.js';
import { ddpmChain, linearBeta, noNoise, smldChain, subVp, ve, vp } from '../../../lib/process/index.js';
import {
  ancestral,
  type Coefficients,
  chainTransition,
  ddim,
  eulerMaruyama,
  eulerTableau,
  eulerTransition,
  exponentialIntegrator,
  inScale,
  inSignal,
  reverseDiffusion,
  reverseFlow,
  rungeKutta,
  type Sampler,
} from '../../../lib/samplers/index.js';
import { uniformTimes } from '../../../lib/solve/index.js';
import type { GaussianProcess } from '../../../lib/types.js';
import { paperProcesses } from '../../support/processes.js';

interface Reference {
  cases: Record<
    string,
    {
      x: number;
      score: number;
      rows: Record<'t' | 'reverse_drift' | 'pf_drift' | 'reverse_discretized_f' | 'reverse_discretized_G', number>[];
    }
  >;
}
const reference: Reference = JSON.parse(readFileSync(new URL('reference.json', import.meta.url), 'utf8'));

/** The three numbers of a one-stage method. */
const numbers = (method: Sampler, process: GaussianProcess, t: number, u: number): Coefficients => {
  const { result } = method(process, t, u, []);
  return { a: result.x, b: result.s[0] ?? 0, c: result.z[0] ?? 0 };
};

const close = (got: number, want: number, tolerance: number, what: string): void =>
  assert.ok(Math.abs(got - want) <= tolerance * (Math.abs(want) + 1e-12), `${what}: ${got} against ${want}`);

const times = fc
  .tuple(fc.double({ min: 1e-3, max: 0.99, noNaN: true }), fc.double({ min: 1e-3, max: 1, noNaN: true }))
  .map(([low, q]) => [low + (1 - low) * q, low] as const);

const same = (first: Sampler, second: Sampler, among: GaussianProcess[]): void =>
  fc.assert(
    fc.property(times, ([t, u]) => {
      for (const process of among) {
        const [p, q] = [numbers(first, process, t, u), numbers(second, process, t, u)];
        const scale = Math.abs(q.a) + Math.abs(q.b);
        close(p.a, q.a, 1e-9, 'a');
        assert.ok(Math.abs(p.b - q.b) <= 1e-8 * scale, `b: ${p.b} against ${q.b}`);
        close(p.c ** 2, q.c ** 2, 1e-7, 'c²');
      }
    }),
  );

test('DDIM with η = 1 is ancestral sampling', () => same(ddim(1), ancestral(), Object.values(paperProcesses)));
test("DDIM with η = 0 is Euler's method for d(x/α)/dς and for d(x/σ)/d(1/ς)", () => {
  same(ddim(0), rungeKutta(eulerTableau, inScale), Object.values(paperProcesses));
  same(ddim(0), rungeKutta(eulerTableau, inSignal), Object.values(paperProcesses));
});
test('for VE the exponential integrator is reverse diffusion, and without noise reverse flow', () => {
  same(exponentialIntegrator(), reverseDiffusion(), [paperProcesses.ve]);
  same(exponentialIntegrator(0), reverseFlow(), [paperProcesses.ve]);
});
test('for VP the integral of the exponential integrator has its closed form 2(α_u/α_t − 1)', () =>
  fc.assert(
    fc.property(times, ([t, u]) => {
      const { vp: process } = paperProcesses;
      // ∫ e^{½(B(τ) − B(u))} β dτ = 2 (α_u/α_t − 1)
      close(
        numbers(exponentialIntegrator(), process, t, u).b,
        2 * (process.alpha(u) / process.alpha(t) - 1),
        1e-7,
        'b',
      );
    }),
  ));
test('ancestral sampling of VP is the textbook line (x + β s)/√(1 − β) + √β z', () =>
  fc.assert(
    fc.property(times, ([t, u]) => {
      const beta = 1 - (paperProcesses.vp.alpha(t) / paperProcesses.vp.alpha(u)) ** 2;
      const { a, b, c } = numbers(ancestral(1), paperProcesses.vp, t, u);
      close(a, 1 / Math.sqrt(1 - beta), 1e-12, 'a');
      close(b, beta / Math.sqrt(1 - beta), 1e-7, 'b');
      close(c, Math.sqrt(beta), 1e-7, 'c');
    }),
  ));
test('ancestral sampling of VE is the textbook line of the paper', () =>
  fc.assert(
    fc.property(times, ([t, u]) => {
      const [high, low] = [paperProcesses.ve.sigma(t), paperProcesses.ve.sigma(u)];
      // σ_t² − σ_u² from the squares would lose digits of its own where t and u are close.
      const difference = (high - low) * (high + low);
      const { a, b, c } = numbers(ancestral(), paperProcesses.ve, t, u);
      assert.equal(a, 1);
      close(b, difference, 1e-12, 'b');
      close(c, (low / high) * Math.sqrt(difference), 1e-9, 'c');
    }),
  ));

/** The levels of the authors' code for n levels; their SMLD levels are n geometric values from .01. */
const betasOf = (n: number): number[] => Array.from({ length: n }, (_, i) => (0.1 + (i / (n - 1)) * 19.9) / n);
const sigmasOf = (n: number, ratio: number): number[] =>
  Array.from({ length: n }, (_, i) => 0.01 * ratio ** (i / (n - 1)));

const chains = {
  VP: { n: 1000, process: vp(), rule: chainTransition(ddpmChain(betasOf(1000))) },
  VE: { n: 1000, process: ve(), rule: chainTransition(smldChain(sigmasOf(1000, 5000))) },
  VE_378: { n: 2000, process: ve({ sigmaMax: 378 }), rule: chainTransition(smldChain(sigmasOf(2000, 37800))) },
  subVP: { n: 1000, process: subVp(), rule: eulerTransition },
};

for (const [name, { n, process, rule }] of Object.entries(chains)) {
  const { rows, x, score } = reference.cases[name]!;
  test(`${name}: reverse drift and flow have the numbers of the original authors' code`, () => {
    for (const row of rows) {
      const dt = -1e-3 * row.t;
      const slope = ({ a, b }: Coefficients): number => ((a - 1) * x + b * score) / dt;
      close(slope(numbers(eulerMaruyama(), process, row.t, row.t + dt)), row.reverse_drift, 1e-6, `${row.t}`);
      close(slope(numbers(eulerMaruyama(noNoise), process, row.t, row.t + dt)), row.pf_drift, 1e-6, `${row.t}`);
    }
  });

  test(`${name}: one step of reverse diffusion has the numbers of the original authors' code`, () => {
    for (const row of rows) {
      // Their level for a time is ⌊t (N − 1)⌋, from 0; it stands at (level + 1)/N here.
      const at = name === 'subVP' ? row.t : (Math.floor(row.t * (n - 1)) + 1) / n;
      const { a, b, c } = numbers(reverseDiffusion(rule), process, at, at - 1 / n);
      const move = x - (a * x + b * score);
      const want = row.reverse_discretized_f;
      assert.ok(Math.abs(move - want) < 2e-6 * Math.abs(want) + 1e-9, `${row.t}: ${move} against ${want}`);
      close(c, row.reverse_discretized_G, 2e-6, `noise at ${row.t}`);
    }
  });
}

const data = { mean: 0, variance: 0.25 };
const law = (process: GaussianProcess, t: number) => ({
  mean: 0,
  variance: process.alpha(t) ** 2 * data.variance + process.sigma(t) ** 2,
});

test('misprint 1: the probability flow with −½(σ²_{i+1} − σ²_i) s for VE runs away from the data', () => {
  const { ve: process } = paperProcesses;
  const grid = uniformTimes(4000, 1, 1e-5);
  const printed: Sampler = (p, t, u) => {
    const plan = reverseFlow()(p, t, u, []);
    return { ...plan, result: { ...plan.result, s: plan.result.s.map(v => -v) } };
  };
  const right = momentRun(process, reverseFlow(), grid, data, law(process, 1)).variance;
  const wrong = momentRun(process, printed, grid, data, law(process, 1)).variance;
  assert.ok(Math.abs(right / 0.25 - 1) < 0.02, `with +: ${right}`);
  assert.ok(wrong > 1e4, `with −: ${wrong}`);
});

test('misprint 2: a prior of variance σ_max in the place of σ_max² misses the data', () => {
  const { ve: process } = paperProcesses;
  const grid = uniformTimes(4000, 1, 1e-5);
  const from = (variance: number) => momentRun(process, reverseFlow(), grid, data, { mean: 0, variance }).variance;
  assert.ok(Math.abs(from(50 ** 2) / 0.25 - 1) < 0.02);
  assert.ok(Math.abs(from(50) / 0.25 - 1) > 0.9, `${from(50)}`);
});

test('misprint 3: noise ½h² in the place of h misses the marginal, and h² < g² is not needed', () => {
  const { vp: process } = paperProcesses;
  const grid = uniformTimes(4000, 1, 0.4);
  const want = law(process, 0.4).variance;
  for (const factor of [0, 0.5, 1, 2]) {
    const h = (p: GaussianProcess, t: number): number => factor * p.g(t);
    const right = momentRun(process, eulerMaruyama(h), grid, data, law(process, 1)).variance;
    assert.ok(Math.abs(right / want - 1) < 5e-3, `h = ${factor} g: ${right} against ${want}`);
    if (factor === 0) continue;
    const printed: Sampler = (p, t, u) => {
      const plan = eulerMaruyama(h)(p, t, u, []);
      return { ...plan, result: { ...plan.result, z: [0.5 * h(p, t) ** 2 * Math.sqrt(t - u)] } };
    };
    const wrong = momentRun(process, printed, grid, data, law(process, 1)).variance;
    assert.ok(Math.abs(wrong / want - 1) > 0.1, `h = ${factor} g: ${wrong} against ${want}`);
  }
});

test('misprint 4: i/N against (i − 1)/(N − 1) moves β by one part in N of its range', () => {
  for (const n of [100, 1000]) {
    const { beta } = linearBeta();
    const moved = Array.from({ length: n }, (_, i) => Math.abs(beta((i + 1) / n) - beta(i / (n - 1))));
    close(Math.max(...moved), 19.9 / n, 1e-9, `N = ${n}`);
  }
});

test("misprint 5: the code's σ(t) and √(σ(t)² − σ_min²) differ by σ_min² in the variance, at every t", () => {
  const levels = ve();
  for (const t of [0.01, 0.1, 0.5, 1]) {
    const code = 0.01 * 5000 ** t;
    close(code ** 2 - levels.sigma(t) ** 2, 1e-4, 1e-7, `t = ${t}`);
  }
});
