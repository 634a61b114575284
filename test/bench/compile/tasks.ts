import * as tf from '@tensorflow/tfjs-core';
import type { Flow } from '../../../lib/adaptive/index.js';
import { flowWithDivergence, hutchinson } from '../../../lib/likelihood/index.js';
import { denoisingBatch, lossOf } from '../../../lib/loss/index.js';
import { type NcsnppConfig, ncsnpp } from '../../../lib/models/index.js';
import { type Network, parameterCount, type UnetConfig, unet } from '../../../lib/nn/index.js';
import { vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { langevin, reverseDiffusion } from '../../../lib/samplers/index.js';
import { predictNoise, scoreFrom } from '../../../lib/score/index.js';
import { compose, corrector, last, predictor, solve } from '../../../lib/solve/index.js';
import { trainer } from '../../../lib/train/index.js';
import { compile, compileFlow, compileSampler, deviceRng, parallel } from '../../../notebooks/backend/graph/index.js';

/** A network that both languages have. */
type Kind =
  | { readonly kind: 'U-Net'; readonly network: UnetConfig }
  | { readonly kind: 'DDPM++'; readonly network: NcsnppConfig };

/** One piece of work, for both languages: test/bench/torch/tasks.py has its counterpart. */
export type Task = Kind & {
  readonly name: 'train' | 'sample' | 'likelihood';
  readonly title: string;
  /** [B, H, W, C] */
  readonly shape: readonly [number, number, number, number];
  /** Steps of a sampler, or evaluations of a likelihood, in one run. */
  readonly steps: number;
  readonly runs: number;
};

/** Something that can be timed again and again; it ends when its result is on the host. */
export interface Contestant {
  run(): void;
  dispose(): void;
}

const disposing =
  (...things: readonly { dispose(): void }[]) =>
  () => {
    for (const thing of things) thing.dispose();
  };

const process = vp();
const prediction = predictNoise(t => 999 * t);

/** A new network's first output is 0; here every parameter is moved, as if it had been trained. */
export const networkOf = (task: Task): Network<unknown> => {
  const rng = philox(1);
  const made = task.kind === 'U-Net' ? unet(task.network, rng) : ncsnpp(task.network, rng);
  tf.tidy(() => {
    for (const [i, v] of [...made.parameters.values()].entries())
      v.assign(tf.add(v, tf.mul(0.02, philox(1).fold(i).normal(v.shape))));
  });
  return made;
};

export const parametersOf = (task: Task): number => {
  const network = networkOf(task);
  const count = parameterCount(network);
  network.dispose();
  return count;
};

const training = (task: Task, compiled: boolean): Contestant => {
  const network = networkOf(task);
  const rng = deviceRng(2);
  const x0 = rng.normal(task.shape);
  const learner = trainer({
    parameters: network.parameters,
    loss: lossOf(parallel(network.apply)),
    learningRate: () => 1e-3,
    ...(compiled && { wrap: fn => compile(fn) }),
  });
  const run = () => {
    const batch = denoisingBatch({ process, prediction }, x0, rng);
    const loss = learner.step(batch);
    loss.dataSync();
    tf.dispose([{ ...batch }, loss]);
  };
  return { run, dispose: disposing(learner, network) };
};

/** Each step is a Langevin move and a step of reverse diffusion. */
const sampling = (task: Task, compiled: boolean): Contestant => {
  const network = networkOf(task);
  const rng = deviceRng(3);
  const apply = (x: tf.Tensor, label: tf.Tensor1D) => network.apply(x, label);
  const score = scoreFrom(process, apply, prediction);
  const times = Array.from({ length: task.steps + 1 }, (_, i) => 1 - (0.999 * i) / 1000);
  const fused = compileSampler({ process, prediction, apply, sampler: reverseDiffusion(), corrector: langevin(0.16) });
  const step = compose(corrector(process, score, langevin(0.16)), predictor(process, score, reverseDiffusion()));
  const run = () => {
    const x = rng.normal(task.shape);
    const out = last(compiled ? fused.run(x, times, rng) : solve(step, x, times, rng));
    out.dataSync();
    tf.dispose([x, out]);
  };
  return { run, dispose: disposing(fused, network) };
};

/** Euler's method on the probability flow and its divergence. */
const likelihood = (task: Task, compiled: boolean): Contestant => {
  const network = networkOf(task);
  const rng = deviceRng(4);
  const apply = (x: tf.Tensor, label: tf.Tensor1D) => network.apply(x, label);
  const direction = rng.rademacher(task.shape);
  const fused = compileFlow(process, prediction, apply);
  const score = scoreFrom(process, apply, prediction);
  const flow: Flow = compiled ? fused.along(direction) : flowWithDivergence(process, score, hutchinson(direction));
  const run = () => {
    const result = tf.tidy(() => {
      let [x, total]: tf.Tensor[] = [rng.normal(task.shape), tf.zeros([task.shape[0]])];
      for (let i = 0; i < task.steps; i++) {
        const t = Array.from({ length: task.shape[0] }, () => 1e-3 + (0.999 * i) / task.steps);
        const [velocity, divergence] = flow([x!], t);
        x = tf.add(x!, tf.div(velocity!, task.steps));
        total = tf.add(total!, tf.div(divergence!, task.steps));
      }
      return total!;
    });
    result.dataSync();
    result.dispose();
  };
  return { run, dispose: disposing(fused, network) };
};

const make = { train: training, sample: sampling, likelihood };

export const contestant = (task: Task, compiled: boolean): Contestant => make[task.name](task, compiled);
