import { ddpmChain } from '../../lib/process/index.js';
import type { NoiseLevel } from '../../lib/process/reverse.js';
import {
  ancestral,
  annealedLangevin,
  chainTransition,
  churned,
  correctedBy,
  ddim,
  deis,
  dpmSolver2M,
  dpmSolver2MSde,
  euler,
  eulerMaruyama,
  exponentialIntegrator,
  heun,
  inScale,
  inSignal,
  inTime,
  lms,
  midpointTableau,
  multistep,
  pndm,
  reverseDiffusion,
  reverseFlow,
  rk4,
  rungeKutta,
  type Sampler,
  saSolver,
  sra,
  sra1,
  uniPc,
} from '../../lib/samplers/index.js';

/** What is known of a sampler; tests and benchmarks of every kind read it here. */
export interface SamplerRow {
  readonly name: string;
  readonly sampler: Sampler;
  /** Evaluations of the score per step. */
  readonly evaluations: number;
  /** The grid on which it is at home. */
  readonly grid: 'uniform' | 'quadratic';
  /** Orders of convergence: to the probability flow, to the reverse SDE path by path, and in the variance at its end. */
  readonly flow?: number;
  readonly strong?: number;
  readonly weak?: number;
  /** How many times as many steps show the order to the flow. */
  readonly finer?: number;
  /** What a strong error is measured against, on the same path; SRA1 unless given. */
  readonly reference?: Sampler;
  /** It moves the state in a step of no length too. */
  readonly restless?: true;
}

const chain = chainTransition(ddpmChain(Array.from({ length: 100 }, (_, i) => 0.001 + (0.199 * i) / 99)));
const half: NoiseLevel = (process, t) => process.g(t) / 2;
const churn = { churn: 4, steps: 20 };

/** Every sampler of the library. A new one is one row. */
export const samplers: readonly SamplerRow[] = [
  { name: 'Euler–Maruyama', sampler: eulerMaruyama(), evaluations: 1, grid: 'uniform', strong: 1, weak: 1 },
  {
    name: 'Euler–Maruyama with h = g/2',
    sampler: eulerMaruyama(half),
    evaluations: 1,
    grid: 'uniform',
    strong: 1,
    reference: sra(sra1, half),
  },
  { name: 'Euler', sampler: euler(), evaluations: 1, grid: 'quadratic', flow: 1 },
  { name: 'reverse diffusion', sampler: reverseDiffusion(), evaluations: 1, grid: 'uniform', strong: 1, weak: 1 },
  {
    name: 'reverse diffusion of a chain',
    sampler: reverseDiffusion(chain),
    evaluations: 1,
    grid: 'uniform',
    restless: true,
  },
  { name: 'reverse flow', sampler: reverseFlow(), evaluations: 1, grid: 'quadratic', flow: 1 },
  { name: 'ancestral', sampler: ancestral(), evaluations: 1, grid: 'uniform', weak: 1 },
  { name: "ancestral, DDPM's variance", sampler: ancestral(1), evaluations: 1, grid: 'uniform', weak: 1 },
  { name: 'ancestral of a chain', sampler: ancestral(1, chain), evaluations: 1, grid: 'uniform', restless: true },
  { name: 'DDIM', sampler: ddim(), evaluations: 1, grid: 'quadratic', flow: 1 },
  { name: 'DDIM with η = .5', sampler: ddim(0.5), evaluations: 1, grid: 'uniform', weak: 1 },
  { name: 'DDIM with η = 1', sampler: ddim(1), evaluations: 1, grid: 'uniform', weak: 1 },
  { name: 'exponential integrator', sampler: exponentialIntegrator(), evaluations: 1, grid: 'uniform', weak: 1 },
  {
    name: 'exponential integrator with half the noise',
    sampler: exponentialIntegrator(0.5),
    evaluations: 1,
    grid: 'uniform',
    weak: 1,
  },
  {
    name: 'exponential integrator without noise',
    sampler: exponentialIntegrator(0),
    evaluations: 1,
    grid: 'quadratic',
    flow: 1,
  },
  { name: 'Heun', sampler: heun(), evaluations: 2, grid: 'quadratic', flow: 2 },
  { name: 'Heun in t', sampler: heun(inTime), evaluations: 2, grid: 'quadratic', flow: 2 },
  { name: 'Heun in the signal', sampler: heun(inSignal), evaluations: 2, grid: 'quadratic', flow: 2 },
  { name: 'Heun with churn', sampler: churned(heun(), churn), evaluations: 2, grid: 'quadratic', restless: true },
  { name: 'midpoint', sampler: rungeKutta(midpointTableau, inScale), evaluations: 2, grid: 'quadratic', flow: 2 },
  { name: 'RK4', sampler: rk4(), evaluations: 4, grid: 'quadratic', flow: 4 },
  { name: 'RK4 in t', sampler: rk4(inTime), evaluations: 4, grid: 'quadratic', flow: 4 },
  { name: 'RK4 in the signal', sampler: rk4(inSignal), evaluations: 4, grid: 'quadratic', flow: 4 },
  { name: 'DPM-Solver++(2M)', sampler: dpmSolver2M(), evaluations: 1, grid: 'quadratic', flow: 2 },
  { name: 'SDE-DPM-Solver++(2M)', sampler: dpmSolver2MSde(), evaluations: 1, grid: 'quadratic', weak: 2 },
  {
    name: 'Adams–Bashforth in log(α/σ)',
    sampler: multistep({ order: 3, start: rk4() }),
    evaluations: 1,
    grid: 'quadratic',
    flow: 3,
  },
  { name: 'UniPC-1', sampler: uniPc(1), evaluations: 1, grid: 'quadratic', flow: 2 },
  { name: 'UniPC-2', sampler: uniPc(2), evaluations: 1, grid: 'quadratic', flow: 3 },
  { name: 'UniPC-3', sampler: uniPc(3, rk4()), evaluations: 1, grid: 'quadratic', flow: 4, finer: 8 },
  { name: 'tAB-DEIS', sampler: deis(3, rk4()), evaluations: 1, grid: 'quadratic', flow: 3, finer: 8 },
  { name: 'LMS', sampler: lms(4, rk4()), evaluations: 1, grid: 'quadratic', flow: 4, finer: 8 },
  { name: 'PNDM', sampler: pndm(), evaluations: 1, grid: 'uniform' },
  { name: 'SA-Solver of order 2, half the noise', sampler: saSolver(2, 0.5), evaluations: 1, grid: 'quadratic' },
  {
    name: 'Adams–Bashforth with noise',
    sampler: multistep({ order: 2, noise: 1 }),
    evaluations: 1,
    grid: 'quadratic',
    weak: 2,
  },
  { name: 'SA-Solver', sampler: saSolver(1), evaluations: 1, grid: 'quadratic', weak: 2 },
  { name: 'SRA1', sampler: sra(), evaluations: 2, grid: 'uniform', strong: 1.5, weak: 2 },
  { name: 'annealed Langevin', sampler: annealedLangevin(2e-5, 0.01), evaluations: 1, grid: 'uniform', restless: true },
  {
    name: 'DDIM after a Langevin move',
    sampler: correctedBy(annealedLangevin(2e-5, 0.01), ddim()),
    evaluations: 2,
    grid: 'uniform',
    restless: true,
  },
];
