import * as tf from '@tensorflow/tfjs-core';
import { vp } from '../../../lib/process/index.js';
import { fromEpsilon } from '../../../lib/score/index.js';
import {
  ancestral,
  ddim,
  dpmSolver2M,
  dpmSolver2MSde,
  euler,
  eulerMaruyama,
  exponential,
  heun,
  langevin,
  last,
  linearStep,
  type Method,
  reverseDiffusion,
  reverseFlow,
  rk4,
  solve,
  sra,
  uniformTimes,
} from '../../../lib/solve/index.js';
import { deviceRng } from '../../../notebooks/backend/graph/index.js';
import { markdown, timing } from './table.js';

const methods: Record<string, Method> = {
  'Euler–Maruyama': eulerMaruyama(),
  'Euler (flow)': euler(),
  'reverse diffusion': reverseDiffusion(),
  'reverse flow': reverseFlow(),
  ancestral: ancestral(),
  DDIM: ddim(),
  'exponential integrator': exponential(),
  'Heun (2 evaluations)': heun(),
  'Runge–Kutta (4 evaluations)': rk4(),
  'DPM-Solver++(2M)': dpmSolver2M(),
  'SDE-DPM-Solver++(2M)': dpmSolver2MSde(),
  'stochastic Runge–Kutta': sra(),
};

const SHAPE = [64, 8, 8, 1];
const STEPS = 50;

/** What a step costs beside its network: microseconds with a network that does nothing. */
export const overheads = (): string => {
  const process = vp();
  const score = fromEpsilon(process, x => x);
  const steps = {
    ...Object.fromEntries(Object.entries(methods).map(([name, m]) => [name, linearStep(process, score, m)])),
    'Langevin corrector': langevin(score, 0.16),
  };
  const rows = Object.entries(steps).map(([name, step]) => {
    const seconds = Array.from({ length: 12 }, () => {
      const rng = deviceRng(1);
      const x = rng.normal(SHAPE);
      const start = performance.now();
      const out = last(solve(step, x, uniformTimes(STEPS, 1, 0.01), rng));
      out.dataSync();
      const elapsed = (performance.now() - start) / 1000;
      tf.dispose([x, out]);
      return elapsed / STEPS;
    }).slice(2);
    const { median, spread } = timing(seconds);
    return [name, `${(1e6 * median).toFixed(0)} ± ${(1e6 * spread).toFixed(0)}`];
  });
  return markdown([`a step beside its network, ${SHAPE.join('×')}`, 'microseconds'], rows);
};
