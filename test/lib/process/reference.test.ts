import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { edm, fromAlphaSigma, fromScaleSigma } from '../../../lib/process/alpha-sigma.js';
import { toVe, toVp } from '../../../lib/process/convert.js';
import { fromDriftDiffusion } from '../../../lib/process/drift-diffusion.js';
import { betaOf, linearBeta } from '../../../lib/process/schedules.js';
import { ve, veFrom } from '../../../lib/process/ve.js';
import { cosine, rectifiedFlow, stableDiffusion, subVp, vp } from '../../../lib/process/vp.js';
import type { GaussianProcess } from '../../../lib/types.js';

/** See reference.py: 20 digits computed with 100. */
interface Reference {
  cases: Record<string, { rows: { t: number; alpha: string; sigma: string; f: string; g: string }[] }>;
}
const reference: Reference = JSON.parse(readFileSync(new URL('reference.json', import.meta.url), 'utf8'));

const { cos, cosh, exp, sin, sinh, sqrt } = Math;
const linear = linearBeta();
/** Each case of the reference, by every route the library has to it. */
const routes: Record<string, Record<string, GaussianProcess>> = {
  vp: {
    'closed form': vp(),
    'from VE': toVp(toVe(vp())),
    'drift and g': fromDriftDiffusion(
      t => -linear.beta(t) / 2,
      t => sqrt(linear.beta(t)),
    ),
    'EDM form': fromScaleSigma({
      scale: t => exp(-linear.integral(t) / 2),
      scaleRate: t => (-linear.beta(t) / 2) * exp(-linear.integral(t) / 2),
      sigma: t => sqrt(Math.expm1(linear.integral(t))),
      sigmaRate: t => (linear.beta(t) * exp(linear.integral(t))) / (2 * sqrt(Math.expm1(linear.integral(t)))),
    }),
  },
  subVp: {
    'closed form': subVp(),
    'drift and g': fromDriftDiffusion(
      t => -linear.beta(t) / 2,
      t => sqrt(-linear.beta(t) * Math.expm1(-2 * linear.integral(t))),
    ),
  },
  ve: {
    'closed form': ve(),
    'any level': veFrom(
      t => 0.01 * exp(t * Math.log(5000)),
      1,
      t => Math.log(5000) * 0.01 * exp(t * Math.log(5000)),
    ),
    'to VE': toVe(ve()),
  },
  stableDiffusion: { 'closed form': stableDiffusion() },
  cosine: { 'closed form': cosine() },
  vpAnyBeta: { quadrature: vp(betaOf(t => 2 + sin(3 * t))) },
  rectifiedFlow: {
    'closed form': rectifiedFlow(),
    'alpha and sigma': fromAlphaSigma({
      alpha: t => 1 - t,
      sigma: t => t,
      alphaRate: () => -1,
      sigmaRate: () => 1,
      T: 0.999,
    }),
  },
  rectifiedFlowLinear: { 'linear beta': rectifiedFlow(linear, 1) },
  edm: { 'closed form': edm() },
  veSine: {
    'any level': veFrom(
      t => 0.3 + sin(t),
      1,
      t => cos(t),
    ),
  },
  ornsteinUhlenbeck: {
    quadrature: fromDriftDiffusion(
      () => -3,
      t => 2 * exp(t),
    ),
    'alpha and sigma': fromAlphaSigma({
      alpha: t => exp(-3 * t),
      sigma: t => exp(-t) * sqrt(sinh(4 * t)),
      alphaRate: t => -3 * exp(-3 * t),
      sigmaRate: t => exp(-t) * ((2 * cosh(4 * t)) / sqrt(sinh(4 * t)) - sqrt(sinh(4 * t))),
    }),
  },
  periodic: {
    quadrature: fromDriftDiffusion(
      t => -5 * cos(5 * t),
      t => exp(-sin(5 * t)) * sqrt(10 * cos(5 * t) * exp(2 * sin(5 * t)) + 4),
      0.3,
    ),
  },
};

const check = (process: GaussianProcess, name: string, tolerance: number) => {
  for (const row of reference.cases[name]!.rows) {
    for (const key of ['alpha', 'sigma', 'f', 'g'] as const) {
      const expected = Number(row[key]);
      const error = Math.abs(process[key](row.t) - expected) / (Math.abs(expected) || 1);
      assert.ok(error <= tolerance, `${name} ${key}(${row.t}): ${process[key](row.t)}, not ${expected} (${error})`);
    }
  }
};

for (const [name, ways] of Object.entries(routes)) {
  for (const [way, process] of Object.entries(ways)) {
    test(`${name}, ${way}: α, σ, f and g have a relative error of at most 1e-12 from 1e-8 to T`, () =>
      check(process, name, 1e-12));
  }
}

test('rates that are left out are differentiated to 1e-8', () => {
  check(fromAlphaSigma({ alpha: t => 1 - t, sigma: t => t, T: 0.999 }), 'rectifiedFlow', 1e-8);
  check(
    veFrom(t => 0.3 + sin(t)),
    'veSine',
    1e-8,
  );
});
