import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor } from '@tensorflow/tfjs-core';
import { affineRun, exactScore, gaussian } from '../../../lib/exact/index.js';
import { subVp, ve, vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import {
  ancestral,
  annealedLangevin,
  churned,
  ddim,
  dpmSolver2M,
  dpmSolver2MSde,
  euler,
  eulerMaruyama,
  exponentialIntegrator,
  heun,
  inTime,
  reverseDiffusion,
  reverseFlow,
  rk4,
  type Sampler,
  sra,
} from '../../../lib/samplers/index.js';
import { last, predictor, solve, uniformTimes } from '../../../lib/solve/index.js';
import { basisRng, gap } from '../../oracle.js';

const processes = { vp: vp(), ve: ve(), subVp: subVp() };

const methods: Record<string, Sampler> = {
  'Euler–Maruyama': eulerMaruyama(),
  'Euler–Maruyama with h = g/2': eulerMaruyama((process, t) => process.g(t) / 2),
  Euler: euler(),
  'reverse diffusion': reverseDiffusion(),
  'reverse flow': reverseFlow(),
  ancestral: ancestral(),
  "ancestral, DDPM's variance": ancestral(1),
  'annealed Langevin': annealedLangevin(2e-5, 0.01),
  DDIM: ddim(),
  'DDIM with η = .5': ddim(0.5),
  'DDIM with η = 1': ddim(1),
  'exponential integrator': exponentialIntegrator(),
  'exponential integrator with half the noise': exponentialIntegrator(0.5),
  "Heun's": heun(),
  "Heun's in time": heun(inTime),
  "Heun's with churn": churned(heun(), { churn: 4, steps: 12 }),
  RK4: rk4(),
  'DPM-Solver++(2M)': dpmSolver2M(),
  'DPM-Solver++(2M) with churn': churned(dpmSolver2M(), { churn: 4, steps: 12 }),
  'SDE-DPM-Solver++(2M)': dpmSolver2MSde(),
  SRA1: sra(),
};

/** S1: what the tensor sampler does to the initial state and to each noise, against the recursion in float64. */
for (const [name, method] of Object.entries(methods)) {
  for (const [kind, process] of Object.entries(processes)) {
    test(`${name} under ${kind} is its moment recursion, to float32 rounding`, () => {
      const times = uniformTimes(12, 1, 0.01);
      const data = { mean: 0.7, variance: 0.2 };
      const want = affineRun(process, method, times, data);
      const rows = 2 + want.z.length;
      const x = tensor(
        Float32Array.from({ length: rows }, (_, i) => Number(i === 1)),
        [rows, 1],
      );
      const score = exactScore(gaussian([data.mean], data.variance), process);
      const end = last(solve(predictor(process, score, method), x, times, basisRng(philox(0), rows)));
      const [k, one, ...noises] = Array.from(end.dataSync()) as [number, number, ...number[]];
      const got = [k, one - k, ...noises.map(v => v - k)];
      const all = [want.k, want.a, ...want.z];
      const size = Math.max(...all.map(Math.abs));
      assert.ok(gap(got, all) < 3e-6 * size, `${got}\nagainst ${all}`);
    });
  }
}
