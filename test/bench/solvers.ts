/**
 * What a sampler costs beside its network, and what its evaluations buy: milliseconds a step with a score that costs
 * nothing, and the distance of its samples to exact ones on a mixture in the plane, as Markdown on stdout.
 */
import os from 'node:os';
import { mul, neg, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { probabilityFlow, solveOde } from '../../lib/adaptive/index.js';
import { exactScore, marginal, sampleMixture } from '../../lib/exact/index.js';
import { energyDistance, slicedWasserstein } from '../../lib/metrics/index.js';
import { vp } from '../../lib/process/index.js';
import { philox } from '../../lib/rng/rng.js';
import { langevin, reverseDiffusion } from '../../lib/samplers/index.js';
import {
  compose,
  corrector,
  denoise,
  last,
  predictor,
  quadraticTimes,
  type Step,
  solve,
  uniformTimes,
} from '../../lib/solve/index.js';
import type { Score } from '../../lib/types.js';
import { planeMixture } from '../oracle.js';
import { backend } from '../support/backend.js';
import { samplers } from '../support/samplers.js';

const process = vp();
const epsilon = 1e-3;

const gridOf = (kind: 'uniform' | 'quadratic', n: number): number[] =>
  kind === 'uniform' ? uniformTimes(n, 1, epsilon) : quadraticTimes(n, 1, epsilon);

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Median milliseconds of one step over repeated runs of 20. */
const cost = (step: Step, times: number[], shape: number[]): number => {
  const x = philox(1).normal(shape);
  const run = (): number => {
    const start = performance.now();
    const end = last(solve(step, x, times, philox(2)));
    end.dataSync();
    end.dispose();
    return (performance.now() - start) / (times.length - 1);
  };
  run();
  const found = median(Array.from({ length: 11 }, run));
  x.dispose();
  return found;
};

const line = (cells: readonly (string | number)[]): void => console.log(`| ${cells.join(' | ')} |`);

const steps = (score: Score) =>
  samplers.map(({ name, evaluations, grid, sampler }) => ({
    name,
    evaluations,
    grid,
    step: predictor(process, score, sampler),
  }));

const corrected = (score: Score) => ({
  name: 'reverse diffusion + Langevin',
  evaluations: 2,
  grid: 'uniform' as const,
  step: compose(corrector(process, score, langevin(0.16)), predictor(process, score, reverseDiffusion())),
});

const shapes = [
  [256, 2],
  [64, 28, 28, 1],
];

const costs = (): void => {
  console.log(`\nMilliseconds a step beside the network, median of 11 runs of 20 steps (the score is −x):\n`);
  line(['sampler', ...shapes.map(s => s.join('×'))]);
  line(['---', ...shapes.map(() => '--:')]);
  const free: Score = x => neg(x);
  for (const { name, grid, step } of [...steps(free), corrected(free)]) {
    console.error(`  ${name}`);
    line([name, ...shapes.map(shape => cost(step, gridOf(grid, 20), shape).toFixed(2))]);
  }
};

const count = 2000;

/** Mean and standard error of the energy distance over four seeds, and the mean sliced Wasserstein distance. */
const errorOf = (run: (start: Tensor, seed: number) => Tensor): string => {
  const results: [energy: number, sliced: number][] = [];
  for (const seed of [1, 2, 3, 4]) {
    tidy(() => {
      const x = denoise(process, exact, run(philox(seed).normal([count, 2]), seed), epsilon);
      const truth = sampleMixture(planeMixture, count, philox(1000 + seed));
      results.push([energyDistance(x, truth), slicedWasserstein(x, truth, philox(3), 64)]);
    });
  }
  const mean = (pick: 0 | 1): number => results.reduce((sum, r) => sum + r[pick], 0) / results.length;
  const spread = Math.sqrt(results.reduce((sum, r) => sum + (r[0] - mean(0)) ** 2, 0) / 3 / 4);
  return `${(1e3 * mean(0)).toFixed(1)} ± ${(1e3 * spread).toFixed(1)} / ${mean(1).toFixed(3)}`;
};

const exact = exactScore(planeMixture, process);
const budgets = [8, 16, 32, 64, 128];

const errors = (): void => {
  console.log(
    `\nDistance to exact samples against score evaluations, ${count} samples of a mixture in the plane under VP, exact score:`,
  );
  console.log(
    'energy distance · 10³ ± standard error / sliced Wasserstein distance, on grids even in t or in √t; the last row compares exact samples.\n',
  );
  line(['sampler', ...budgets]);
  line(['---', ...budgets.map(() => '--:')]);
  for (const { name, evaluations, grid, step } of [...steps(exact), corrected(exact)]) {
    console.error(`  ${name}`);
    const cells = budgets.map(budget => {
      const times = gridOf(grid, budget / evaluations);
      return errorOf((start, seed) => last(solve(step, start, times, philox(100 + seed))));
    });
    line([`${name}, ${grid}`, ...cells]);
  }
  const flow = probabilityFlow(process, exact);
  for (const tol of [1e-2, 1e-3, 1e-5]) {
    let evaluations = 0;
    const cell = errorOf(start => {
      const out = solveOde(flow, [start], 1, epsilon, { rtol: tol, atol: tol });
      evaluations = out.evaluations;
      return out.parts[0]!;
    });
    line([`Dormand–Prince at ${tol}`, `${evaluations} evaluations: ${cell}`, ...budgets.slice(1).map(() => '')]);
  }
  const floor = errorOf((_, seed) =>
    mul(sampleMixture(marginal(planeMixture, process, epsilon), count, philox(7 + seed)), 1),
  );
  line(['exact', floor, ...budgets.slice(1).map(() => '')]);
};

const cpu = os.cpus()[0]?.model.trim() ?? 'unknown processor';
console.log(`${cpu}, ${os.availableParallelism()} threads, Node ${globalThis.process.version}, backend ${backend}.`);
costs();
errors();
