import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { copyProject } from '../support/project-copy.js';
import { slow } from '../support/slow.js';

/** A fault in lib, and the notebook that has to see it: one of its checks fails. */
interface Fault {
  readonly what: string;
  readonly notebook: string;
  readonly file: string;
  readonly right: string;
  readonly wrong: string;
}

const [tour, kernels, digits] = ['01-tour', '04-transition-kernels', '19-digits'];
const [motion, reversed] = ['02-brownian-motion', '09-reverse-time'];
const [flow, family] = ['10-probability-flow', '11-reverse-family'];
const [solvers, correctors] = ['13-solvers', '14-predictor-corrector'];
const [densities, latents] = ['15-likelihood', '16-latents'];
const faults: readonly Fault[] = [
  {
    what: 'the reverse SDE has twice its noise variance',
    notebook: tour,
    file: 'samplers/euler.ts',
    right: 'noise * Math.sqrt(Math.abs(dt))',
    wrong: 'noise * Math.sqrt(2 * Math.abs(dt))',
  },
  {
    what: 'drift and noise are taken at the end of the step',
    notebook: tour,
    file: 'samplers/euler.ts',
    right: 'reverseCoefficients(process, t, h)',
    wrong: 'reverseCoefficients(process, u, h)',
  },
  {
    what: 'the grid is i/(n + 1)',
    notebook: tour,
    file: 'solve/times.ts',
    right: 'inner(i / n)',
    wrong: 'inner(i / (n + 1))',
  },
  ...[
    'sigma: t => Math.sqrt(-Math.expm1(-integral(t)))',
    'sigma: t => -Math.expm1(-integral(t)),\n    f: t => -beta(t) / 2,\n    g: t => Math.sqrt(-beta(t) * Math.expm1(-2',
  ].map(
    (right, i): Fault => ({
      what: `${['VP', 'sub-VP'][i]} has 1 − exp for expm1`,
      notebook: kernels,
      file: 'process/vp.ts',
      right,
      wrong: right.replace('-Math.expm1(-integral(t))', '(1 - Math.exp(-integral(t)))'),
    }),
  ),
  {
    what: 'DPM-Solver++ carries on with the ratio of the steps turned over',
    notebook: solvers,
    file: 'samplers/dpm.ts',
    right: 'const w = 1 / (2 * ratio)',
    wrong: 'const w = ratio / 2',
  },
  {
    what: 'ancestral sampling has σ_t and σ_u swapped in its variance',
    notebook: solvers,
    file: 'samplers/ancestral.ts',
    right: 'v * (process.sigma(u) / process.sigma(t)) ** 2',
    wrong: 'v * (process.sigma(t) / process.sigma(u)) ** 2',
  },
  {
    what: 'the area of SRA1 has twice its spread about the increment’s',
    notebook: solvers,
    file: 'samplers/sra.ts',
    right: 'root / (2 * Math.sqrt(3))',
    wrong: 'root / Math.sqrt(3)',
  },
  {
    what: 'the flow of the discrete chains has the sign of the misprint',
    notebook: solvers,
    file: 'samplers/reverse-diffusion.ts',
    right: 'b: 0.5 * v',
    wrong: 'b: -0.5 * v',
  },
  {
    what: 'churn adds a difference of scales, not of their squares',
    notebook: solvers,
    file: 'samplers/churn.ts',
    right: 'varsigma(process, time) ** 2 - scale * scale',
    wrong: 'varsigma(process, time) - scale',
  },
  {
    what: 'the adaptive method takes its slopes at the start of the step',
    notebook: solvers,
    file: 'adaptive/ode.ts',
    right: 'timesAt(rows, tableau.c[i]!)',
    wrong: 'timesAt(rows, 0)',
  },
  {
    what: 'the corrector’s step lacks its factor 2',
    notebook: correctors,
    file: 'samplers/langevin.ts',
    right: '2 * alpha(t) * r * r',
    wrong: 'alpha(t) * r * r',
  },
  {
    what: 'the corrector divides the score’s norm by the noise’s',
    notebook: correctors,
    file: 'samplers/langevin.ts',
    right: 'div(norm(z), norm(s))',
    wrong: 'div(norm(s), norm(z))',
  },
  {
    what: 'the noise of a Langevin move of given step has √e, not √(2e)',
    notebook: correctors,
    file: 'samplers/langevin.ts',
    right: 'c: Math.sqrt(2 * step)',
    wrong: 'c: Math.sqrt(step)',
  },
  {
    what: 'the corrector takes α at time 0',
    notebook: correctors,
    file: 'solve/step.ts',
    right: 'ratio(process, t))',
    wrong: 'ratio(process, 0))',
  },
  {
    what: 'the predictor moves before the corrector',
    notebook: correctors,
    file: 'solve/sample.ts',
    right: 'compose(correctorStep(process, score, corrector), move)',
    wrong: 'compose(move, correctorStep(process, score, corrector))',
  },
  {
    what: 'the stretching is subtracted from log p',
    notebook: densities,
    file: 'likelihood/log-likelihood.ts',
    right: 'add(prior(latent), change)',
    wrong: 'add(prior(latent), mul(change, -1))',
  },
  {
    what: 'the trace takes the first coordinates again in each part',
    notebook: densities,
    file: 'likelihood/divergence.ts',
    right: 'from + Math.floor(row / n)',
    wrong: 'Math.floor(row / n)',
  },
  {
    what: 'the flow has g², not ½g²',
    notebook: densities,
    file: 'process/reverse.ts',
    right: 'score: -0.5 * (process.g(t) ** 2 + noise ** 2)',
    wrong: 'score: -(process.g(t) ** 2 + noise ** 2)',
  },
  {
    what: 'the variational bound has g², not ½g²',
    notebook: densities,
    file: 'likelihood/bound.ts',
    right: '-0.5 * weight[k]!',
    wrong: '-1 * weight[k]!',
  },
  {
    what: 'bits are counted with the width of a level upside down',
    notebook: densities,
    file: 'likelihood/dequantise.ts',
    right: '-Math.log2(width)',
    wrong: 'Math.log2(width)',
  },
  {
    what: 'encoding starts late on the flow',
    notebook: latents,
    file: 'likelihood/latent.ts',
    right: 'along(process, score, x, epsilon, process.T, options)',
    wrong: 'along(process, score, x, 0.9 * process.T, process.T, options)',
  },
  {
    what: 'interpolation runs from the end to the start',
    notebook: latents,
    file: 'likelihood/latent.ts',
    right: 'weight(1 - q), a), mul(weight(q), b)',
    wrong: 'weight(q), a), mul(weight(1 - q), b)',
  },
  {
    what: 'interpolation divides by the angle, not by its sine',
    notebook: latents,
    file: 'likelihood/latent.ts',
    right: 'div(sin(mul(angle, share)), sin(angle))',
    wrong: 'div(sin(mul(angle, share)), angle)',
  },
  {
    what: 'a temperature scales variances, not deviations',
    notebook: latents,
    file: 'likelihood/latent.ts',
    right: 'mul(latent, temperature)',
    wrong: 'mul(latent, Math.sqrt(temperature))',
  },
  {
    what: 'attention is divided by C, not by √C',
    notebook: digits,
    file: 'nn/attention.ts',
    right: '1 / Math.sqrt(channels)',
    wrong: '1 / channels',
  },
  {
    what: 'the average is that of the parameters before the step',
    notebook: digits,
    file: 'train/update.ts',
    right: 'add(parameters, follow)',
    wrong: 'add(before, follow)',
  },
  {
    what: 'Adam’s means are not corrected for their start at 0',
    notebook: digits,
    file: 'train/transform.ts',
    right: 'Math.sqrt(1 - beta2 ** (n + 1))',
    wrong: '1 - beta1 ** (n + 1)',
  },
  {
    what: 'short gradients are stretched to the norm that long ones are clipped to',
    notebook: digits,
    file: 'train/transform.ts',
    right: 'minimum(1, div(limit, add(vectorNorm(g), 1e-12)))',
    wrong: 'div(limit, add(vectorNorm(g), 1e-12))',
  },
  {
    what: 'a halved interval has twice its variance',
    notebook: motion,
    file: 'rng/brownian-tree.ts',
    right: 'Math.sqrt(width / 16)',
    wrong: 'Math.sqrt(width / 8)',
  },
  {
    what: 'a path on [0, T] ends with the deviation T',
    notebook: motion,
    file: 'rng/brownian-tree.ts',
    right: 'Math.sqrt(length) * z[i]!',
    wrong: 'length * z[i]!',
  },
  {
    what: 'the halves of an increment do not add up',
    notebook: motion,
    file: 'rng/brownian-tree.ts',
    right: 'right.w[i] = w[i]! - left.w[i]!;',
    wrong: 'right.w[i] = w[i]! + left.w[i]!;',
  },
  {
    what: 'the area is taken from 0, not from the path',
    notebook: motion,
    file: 'rng/brownian.ts',
    right: 'v - a!.area[i]! - (to - from) * a!.w[i]!',
    wrong: 'v - a!.area[i]!',
  },
  {
    what: 'a noise g(x, t) is squared',
    notebook: motion,
    file: 'process/ito.ts',
    right: 'tidy(() => mul(g(x, t), dw)),',
    wrong: 'tidy(() => mul(g(x, t), mul(g(x, t), dw))),',
  },
  {
    what: 'the score pushes the wrong way in reverse time',
    notebook: reversed,
    file: 'process/reverse.ts',
    right: 'score: -0.5 * (process.g(t) ** 2 + noise ** 2)',
    wrong: 'score: 0.5 * (process.g(t) ** 2 + noise ** 2)',
  },
  {
    what: 'the noise of VP is β, not its root',
    notebook: reversed,
    file: 'process/vp.ts',
    right: 'g: t => Math.sqrt(beta(t)),',
    wrong: 'g: t => beta(t),',
  },
  {
    what: 'an Itô step has a noise of |Δt|, not its root',
    notebook: reversed,
    file: 'solve/ito.ts',
    right: 'Math.sqrt(Math.abs(u - t))',
    wrong: 'Math.abs(u - t)',
  },
  {
    what: 'an Itô step takes the drift at its end',
    notebook: reversed,
    file: 'solve/ito.ts',
    right: 'process.drift(x, t)',
    wrong: 'process.drift(x, u)',
  },
  {
    what: 'signal and noise are swapped in p_t',
    notebook: reversed,
    file: 'exact/model.ts',
    right: 'alpha * alpha * value + sigma * sigma',
    wrong: 'sigma * sigma * value + alpha * alpha',
  },
  {
    what: 'the flow has the score with weight g²',
    notebook: flow,
    file: 'process/reverse.ts',
    right: 'score: -0.5 * (process.g(t) ** 2 + noise ** 2)',
    wrong: 'score: -1 * (process.g(t) ** 2 + noise ** 2)',
  },
  {
    what: 'the general flow has no ½',
    notebook: flow,
    file: 'process/ito.ts',
    right: 'mul(-(1 + lambda ** 2) / 2, current)',
    wrong: 'mul(-(1 + lambda ** 2), current)',
  },
  {
    what: 'the general flow has no ∇·D',
    notebook: flow,
    file: 'process/ito.ts',
    right: 'const current = add(divergence(x, t), apply(x, t, score(x, t)));',
    wrong: 'const current = apply(x, t, score(x, t));',
  },
  {
    what: 'a step of the flow takes the score away',
    notebook: flow,
    file: 'samplers/reverse-diffusion.ts',
    right: 'b: 0.5 * v, c: 0',
    wrong: 'b: -0.5 * v, c: 0',
  },
  {
    what: 'the integral of Stable Diffusion’s β has ½ for ⅓',
    notebook: flow,
    file: 'process/schedules.ts',
    right: '(t * a * a) / 3',
    wrong: '(t * a * a) / 2',
  },
  {
    what: 'the score’s weight has h, not h²',
    notebook: family,
    file: 'process/reverse.ts',
    right: 'score: -0.5 * (process.g(t) ** 2 + noise ** 2)',
    wrong: 'score: -0.5 * (process.g(t) ** 2 + noise)',
  },
  {
    what: 'the forward family has the score with the other sign',
    notebook: family,
    file: 'process/reverse.ts',
    right: '(h(process, t) ** 2 - process.g(t) ** 2) / 2',
    wrong: '(process.g(t) ** 2 - h(process, t) ** 2) / 2',
  },
  {
    what: 'a step takes the noise g for h',
    notebook: family,
    file: 'samplers/euler.ts',
    right: 'noise * Math.sqrt(Math.abs(dt))',
    wrong: 'process.g(t) * Math.sqrt(Math.abs(dt))',
  },
  {
    what: 'deviations are added, not variances',
    notebook: family,
    file: 'exact/moments.ts',
    right: 'z.reduce((sum, v) => sum + v * v, 0) };',
    wrong: 'z.reduce((sum, v) => sum + Math.abs(v), 0) };',
  },
];

describe('a fault in lib is caught by a check of the notebook', {
  skip: slow('runs notebooks, one for each fault'),
}, () => {
  const { root, remove } = copyProject();
  after(remove);
  for (const { what, notebook, file, right, wrong } of faults) {
    test(`${notebook}: ${what}`, () => {
      const path = join(root, 'lib', file);
      const text = readFileSync(path, 'utf8');
      assert.equal(text.split(right).length, 2, `${file} does not hold "${right}" once`);
      writeFileSync(path, text.replace(right, wrong));
      try {
        const args = ['notebooks/kernel/bin/tsnb.mjs', 'run', '--output', 'report', `notebooks/${notebook}.ipynb`];
        const run = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
        assert.equal(run.status, 1, run.stdout + run.stderr);
        assert.match(run.stdout + run.stderr, /FailedCheck: ✗/);
      } finally {
        writeFileSync(path, text);
      }
    });
  }
});
