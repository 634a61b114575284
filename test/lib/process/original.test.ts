import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ddpmChain, geometricLevels, linearBetas, smldChain } from '../../../lib/process/chain.js';
import { priorDeviation } from '../../../lib/process/perturb.js';
import { ve } from '../../../lib/process/ve.js';
import { subVp, vp } from '../../../lib/process/vp.js';
import type { GaussianProcess } from '../../../lib/types.js';

/** The original implementation's numbers, and the conventions in which it differs from the library's processes. */
interface Row {
  readonly t: number;
  readonly mean_coeff: number;
  readonly std: number;
  readonly drift: number;
  readonly diffusion: number;
  readonly discretized_f: number;
  readonly discretized_G: number;
  readonly reverse_drift: number;
  readonly pf_drift: number;
}
interface Case {
  readonly rows: readonly Row[];
  readonly x: number;
  readonly score: number;
  readonly prior_logp_of_linspace_m2_2_12: number;
}
const reference: Record<string, Case> = JSON.parse(
  readFileSync(new URL('../../reference/sde.json', import.meta.url), 'utf8'),
);

/** A relative error of at most 1e-12, or what an absolute rounding of the reference amounts to. */
const equal = (value: number, expected: number, what: string, rounding = 0): void => {
  const error = Math.abs(value - expected);
  assert.ok(error <= 1e-12 * Math.abs(expected) + rounding, `${what}: ${value}, not ${expected}`);
};

const ulp = Number.EPSILON;

/** What all three have in common: the SDE itself and its reversals. */
const compare = (
  name: string,
  process: GaussianProcess,
  { std = process.sigma, rounding = (_t: number): number => 0 } = {},
): void => {
  const { rows, x, score } = reference[name]!;
  for (const row of rows) {
    const [f, g] = [process.f(row.t), process.g(row.t)];
    const at = (what: string) => `${name} ${what} at ${row.t}`;
    equal(process.alpha(row.t), row.mean_coeff, at('alpha'));
    equal(std(row.t), row.std, at('sigma'), rounding(row.t));
    equal(f * x, row.drift, at('drift'));
    equal(g, row.diffusion, at('g'), (20 * ulp) / g); // sub-VP's g² = β (1 − e^−2B), see below
    // These two are differences: their rounding is relative to the larger term.
    equal(f * x - g * g * score, row.reverse_drift, at('reverse drift'), 20 * ulp * Math.abs(f * x));
    equal(f * x - (g * g * score) / 2, row.pf_drift, at('flow drift'), 20 * ulp * Math.abs(f * x));
  }
};

const logDensity = (deviation: number): number =>
  Array.from({ length: 12 }, (_, i) => -2 + (4 * i) / 11)
    .map(x => -((x / deviation) ** 2) / 2 - Math.log(deviation * Math.sqrt(2 * Math.PI)))
    .reduce((a, b) => a + b);

/** The step of the chain that the original takes for time t: floor(t (N − 1)), counted from 0. */
const stepOf = (t: number, N = 1000): number => Math.floor(t * (N - 1)) + 1;

test('VP equals the original, whose chain takes β from .1/N to 20/N', () => {
  // The original subtracts e^−B from 1, which costs its σ² one rounding of 1; the library's expm1 does not.
  compare('VP', vp(), { rounding: t => ulp / vp().sigma(t) });
  const chain = ddpmChain(linearBetas(1000, 0.1 / 1000, 20 / 1000));
  const { rows, x, prior_logp_of_linspace_m2_2_12: prior } = reference.VP!;
  for (const row of rows) {
    const i = stepOf(row.t);
    equal((chain.factor(i) - 1) * x, row.discretized_f, `factor ${i}`, ulp);
    equal(chain.deviation(i), row.discretized_G, `deviation ${i}`);
  }
  equal(logDensity(priorDeviation(vp())), prior, 'prior');
});

test('sub-VP equals the original, whose discrete step is Euler–Maruyama', () => {
  compare('subVP', subVp(), { rounding: () => ulp });
  const { rows, x } = reference.subVP!;
  for (const { t, discretized_f, discretized_G } of rows) {
    equal((subVp().f(t) * x) / 1000, discretized_f, 'drift of a step');
    const g = subVp().g(t);
    equal(g / Math.sqrt(1000), discretized_G, 'noise of a step', (20 * ulp) / g);
  }
});

for (const [name, sigmaMax, N] of [
  ['VE', 50, 1000],
  ['VE_378', 378, 2000],
] as const) {
  test(`${name} equals the original, whose std is the level: σ² + σ_min² in the kernel of the SDE`, () => {
    const process = ve({ sigmaMin: 0.01, sigmaMax });
    compare(name, process, { std: t => Math.hypot(process.sigma(t), 0.01) });
    const chain = smldChain(geometricLevels(N, 0.01, sigmaMax));
    const { rows, prior_logp_of_linspace_m2_2_12: prior } = reference[name]!;
    for (const row of rows) equal(chain.deviation(stepOf(row.t, N)), row.discretized_G, `noise at ${row.t}`);
    // The prior is N(0, σ_max²): that of data with the variance σ_min².
    equal(logDensity(priorDeviation(process, 0.01 ** 2)), prior, 'prior');
  });
}
