import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { denoisingBatch, lossOf } from '../../../../lib/loss/index.js';
import { mlp, type Network, unet } from '../../../../lib/nn/index.js';
import { vp } from '../../../../lib/process/index.js';
import { philox, type Rng } from '../../../../lib/rng/rng.js';
import { fromEpsilon } from '../../../../lib/score/index.js';
import {
  ancestral,
  arrived,
  churned,
  compose,
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
  type MemoryStep,
  type Method,
  reverseDiffusion,
  reverseFlow,
  rk4,
  solve,
  sra,
  uniformTimes,
} from '../../../../lib/solve/index.js';
import { trainer } from '../../../../lib/train/index.js';
import { compile, type Mode } from '../../../../notebooks/backend/compile/index.js';
import { skip } from './native.js';

const shared = { embedding: 8 };
const image = { ...shared, channels: 1, width: 8, multipliers: [1, 2], blocks: 1, attention: [1], groups: 4 };
const point = { ...shared, event: [2], width: 16, layers: 2 };
const events: Record<string, { event: number[]; make: (rng: Rng) => Network<unknown> }> = {
  'U-Net': { event: [8, 8, 1], make: rng => unet({ ...image, patch: 1 }, rng) },
  'U-Net on patches': { event: [8, 8, 1], make: rng => unet({ ...image, patch: 2 }, rng) },
  'U-Net with random features': {
    event: [8, 8, 1],
    make: rng => unet({ ...image, patch: 1, fourierScale: 16 }, rng),
  },
  MLP: { event: [2], make: rng => mlp(point, rng) },
};

/** The largest difference, relative to the largest number. */
const gap = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  const all = Array.from(a);
  const scale = Math.max(...all.map(Math.abs));
  return Math.max(...all.map((v, i) => Math.abs(v - b[i]!))) / scale;
};

const STEPS = 6;

/** Losses and final average parameters of a short training run. */
const train = (name: string, compiled: boolean) => {
  const { event, make } = events[name]!;
  const network = make(philox(1));
  const process = vp();
  const rng = philox(2);
  const modes: (() => Mode | undefined)[] = [];
  const wrapper = <A extends unknown[], R>(fn: (...args: A) => R) => {
    // small as they are, these networks would take XLA, which takes longer to compile
    const made = compile(fn, { xla: name === 'MLP' });
    modes.push(() => made.specialisations()[0]?.mode);
    return made;
  };
  const wrap = compiled ? { wrap: wrapper } : {};
  const learner = trainer({
    parameters: network.parameters,
    loss: lossOf((x, label) => network.apply(x, label)),
    learningRate: () => 1e-3,
    ...wrap,
  });
  const losses = Array.from({ length: STEPS }, () => {
    const x0 = rng.normal([4, ...event]);
    const batch = denoisingBatch({ process }, x0, rng);
    return learner.step(batch).dataSync()[0]!;
  });
  deepEqual(
    modes.map(mode => mode()),
    compiled ? [name === 'MLP' ? 'xla' : 'graph'] : [],
  );
  const average = learner.slots.average.dataSync();
  const parameters = [...network.parameters.values()].flatMap(v => Array.from(v.dataSync()));
  learner.dispose();
  network.dispose();
  return { losses, average, parameters };
};

for (const name of Object.keys(events)) {
  test(`${STEPS} training steps of the ${name} are those of eager execution`, { skip }, () => {
    const eager = train(name, false);
    const compiled = train(name, true);
    ok(gap(eager.losses, compiled.losses) < 1e-5, `losses differ by ${gap(eager.losses, compiled.losses)}`);
    // Adam divides by the root of tiny second moments, which magnifies rounding in the first steps
    ok(gap(eager.parameters, compiled.parameters) < 1e-3, `${gap(eager.parameters, compiled.parameters)}`);
    ok(gap(eager.average, compiled.average) < 1e-3);
  });
}

const methods: Record<string, Method> = {
  'Euler–Maruyama': eulerMaruyama(),
  Euler: euler(),
  'reverse diffusion': reverseDiffusion(),
  'reverse flow': reverseFlow(),
  ancestral: ancestral(),
  DDIM: ddim(),
  'DDIM with η = 1': ddim(1),
  'exponential integrator': exponential(),
  "Heun's": heun(),
  "Heun's with churn": churned(heun(), { churn: 4, steps: 5 }),
  'classical Runge–Kutta': rk4(),
  'DPM-Solver++(2M)': dpmSolver2M(),
  'SDE-DPM-Solver++(2M)': dpmSolver2MSde(),
  'stochastic Runge–Kutta': sra(),
};

test('every sampler with a compiled network is that with the network itself', { skip }, () => {
  const process = vp();
  const network = mlp(point, philox(3));
  // the first output of a new network is 0, which would test nothing
  for (const [i, v] of [...network.parameters.values()].entries())
    v.assign(tf.add(v, tf.mul(0.1, philox(4).fold(i).normal(v.shape))));
  const apply = (x: tf.Tensor, label: tf.Tensor1D) => network.apply(x, label);
  const compiled = compile(apply);
  const run = (using: typeof apply, make: (score: ReturnType<typeof fromEpsilon>) => MemoryStep) => {
    const rng = philox(5);
    const states = solve(
      make(fromEpsilon(process, using)),
      rng.normal([16, 2]),
      uniformTimes(5, 1, 0.01),
      rng,
    );
    return last(states).dataSync();
  };
  const linear = Object.entries(methods).map(
    ([name, method]) =>
      [name, (s: Parameters<typeof linearStep>[1]) => linearStep(process, s, method)] as const,
  );
  const steps = [
    ...linear,
    [
      'predictor–corrector',
      s => compose(linearStep(process, s, reverseDiffusion()), arrived(langevin(s, 0.16))),
    ],
    ['corrector alone', s => langevin(s, 0.16)],
  ] satisfies (readonly [string, (s: Parameters<typeof linearStep>[1]) => MemoryStep])[];
  for (const [name, make] of steps) {
    const difference = gap(run(apply, make), run(compiled, make));
    ok(difference < 2e-5, `${name}: ${difference}`);
  }
  equal(compiled.specialisations().length, 1);
  equal(compiled.specialisations()[0]?.mode, 'xla');
  compiled.dispose();
  network.dispose();
});
