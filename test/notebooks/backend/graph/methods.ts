import { ddpmChain } from '../../../../lib/process/index.js';
import {
  ancestral,
  annealedLangevin,
  chainTransition,
  churned,
  correctedBy,
  ddim,
  dpmSolver2M,
  dpmSolver2MSde,
  euler,
  eulerMaruyama,
  exponential,
  heun,
  inSignal,
  inTime,
  type Method,
  reverseDiffusion,
  reverseFlow,
  rk4,
  sra,
} from '../../../../lib/solve/index.js';

const chain = chainTransition(ddpmChain(Array.from({ length: 100 }, (_, i) => 0.001 + (0.199 * i) / 99)));

/** Every linear sampler of the library. */
export const methods: Record<string, Method> = {
  'Euler–Maruyama': eulerMaruyama(),
  'Euler–Maruyama at half the noise': eulerMaruyama((p, t) => 0.5 * p.g(t)),
  Euler: euler(),
  'reverse diffusion': reverseDiffusion(),
  'reverse flow': reverseFlow(),
  'reverse diffusion of a chain': reverseDiffusion(chain),
  ancestral: ancestral(),
  'ancestral of a chain with the larger variance': ancestral(1, chain),
  DDIM: ddim(),
  'DDIM with η = 1': ddim(1),
  'exponential integrator': exponential(),
  'exponential integrator at λ = 0.5': exponential(0.5),
  "Heun's": heun(),
  "Heun's in t": heun(inTime),
  "Heun's in the signal": heun(inSignal),
  "Heun's with churn": churned(heun(), { churn: 4, steps: 5 }),
  'classical Runge–Kutta': rk4(),
  'DPM-Solver++(2M)': dpmSolver2M(),
  'SDE-DPM-Solver++(2M)': dpmSolver2MSde(),
  'stochastic Runge–Kutta': sra(),
  'a corrector of fixed step and DDIM as one method': correctedBy(annealedLangevin(0.01, 0.1), ddim()),
};
