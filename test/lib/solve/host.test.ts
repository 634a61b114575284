import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineFlow, marginal, mixture, momentRun, quantile } from '../../../lib/exact/index.js';
import { subVp, ve, vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { type Sampler, sra } from '../../../lib/samplers/index.js';
import { hostSolve, logSnrTimes, uniformTimes } from '../../../lib/solve/index.js';
import type { GaussianProcess } from '../../../lib/types.js';
import { coarsen, type Increments, increments, lineMixture, normalsOf, scoreOfPaths, slope } from '../../oracle.js';
import { samplers } from '../../support/samplers.js';
import { slow } from '../../support/slow.js';

const processes = { vp: vp(), ve: ve({ sigmaMax: 10 }), subVp: subVp() };

for (const [kind, process] of Object.entries(processes)) {
  const [from, to] = [0.8, kind === 've' ? 0.45 : 0.2];
  const score = scoreOfPaths(lineMixture, process);
  for (const { name, sampler, flow: order, finer = 1 } of samplers) {
    if (order === undefined) continue;
    const counts = [1, 2, 4, 8].map(n => (finer * n * 256) / 2 ** (order - 1));
    test(`${name} has order ${order} on the probability flow of ${kind}`, () => {
      const start = [0.1, 0.3, 0.5, 0.77, 0.9].map(p => quantile(marginal(lineMixture, process, from), p));
      const want = start.map(x => lineFlow(lineMixture, process, x, from, to));
      const errors = counts.map(n => {
        const end = hostSolve(process, score, sampler, start, logSnrTimes(process, n, from, to));
        return Math.hypot(...end.map((v, i) => v - want[i]!));
      });
      const steps = counts.map(n => 1 / n);
      const got = slope(steps, errors);
      assert.ok(Math.abs(got - order) < 0.1, `order ${got}, errors ${errors}`);
    });
  }
}

/** Wide enough for all paths of a run to be in the asymptotic range of the steps below. */
const twoBumps = mixture([
  { weight: 0.6, mean: [-0.8], covariance: 0.3 },
  { weight: 0.4, mean: [0.9], covariance: 0.2 },
]);

/** Mean distance to the finest run on the same Brownian paths. */
const strongErrors = (
  process: GaussianProcess,
  sampler: Sampler,
  exact: Sampler,
  [from, to]: [number, number],
  fine: Increments,
) => {
  const score = scoreOfPaths(twoBumps, process);
  const at = marginal(twoBumps, process, from);
  const start = fine.w[0]!.map((_, i) => quantile(at, (i + 0.5) / fine.w[0]!.length));
  const run = (path: Increments, by: Sampler): readonly number[] => {
    const times = uniformTimes(path.w.length, from, to);
    return hostSolve(process, score, by, start, times, (i, n) => normalsOf(path, i - 1).slice(0, n));
  };
  const want = run(fine, exact);
  const levels = [coarsen(coarsen(fine))];
  for (let i = 0; i < 3; i++) levels.push(coarsen(levels.at(-1)!));
  const errors = levels.map(path => {
    const end = run(path, sampler);
    return end.reduce((sum, v, i) => sum + Math.abs(v - want[i]!), 0) / end.length;
  });
  return { steps: levels.map(path => path.h), errors };
};

for (const [kind, process] of Object.entries(processes)) {
  // Late enough for the noise to matter beside the smooth part of the error, which is of order 2.
  const span: [number, number] = kind === 've' ? [0.55, 0.4] : [0.4, 0.1];
  const fine = increments(philox(5), 2048, 300, (span[0] - span[1]) / 2048);
  for (const { name, sampler, strong: order, reference = sra() } of samplers) {
    if (order === undefined) continue;
    const skip = kind !== 'vp' && slow('300 paths of up to 2048 steps');
    test(`${name} has strong order ${order} on the reverse SDE of ${kind}`, { skip }, () => {
      const { steps, errors } = strongErrors(process, sampler, reference, span, fine);
      const got = slope(steps, errors);
      assert.ok(Math.abs(got - order) < 0.1, `order ${got}, errors ${errors}`);
    });
  }
  const wide: [number, number] = [0.8, kind === 've' ? 0.6 : 0.3];
  for (const { name, sampler, weak: order } of samplers) {
    if (order === undefined) continue;
    test(`${name} has weak order ${order} for the variance of Gaussian data under ${kind}`, () => {
      const data = { mean: 0.4, variance: 0.5 };
      const law = (t: number) => ({
        mean: data.mean * process.alpha(t),
        variance: process.alpha(t) ** 2 * data.variance + process.sigma(t) ** 2,
      });
      const counts = [128, 256, 512, 1024];
      const errors = counts.map(n => {
        const end = momentRun(process, sampler, logSnrTimes(process, n, wide[0], wide[1]), data, law(wide[0]));
        return Math.abs(end.variance - law(wide[1]).variance);
      });
      const got = slope(
        counts.map(n => 1 / n),
        errors,
      );
      assert.ok(Math.abs(got - order) < 0.1, `order ${got}, errors ${errors}`);
    });
  }
}
