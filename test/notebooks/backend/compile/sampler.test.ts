import { equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { flowWithDivergence } from '../../../../lib/likelihood/index.js';
import { mlp } from '../../../../lib/nn/index.js';
import { vp } from '../../../../lib/process/index.js';
import { philox, type Rng } from '../../../../lib/rng/rng.js';
import { predictNoise, scoreFrom } from '../../../../lib/score/index.js';
import {
  compose,
  dpmSolver2M,
  eulerMaruyama,
  heun,
  langevin,
  last,
  linearStep,
  type Method,
  reverseDiffusion,
  solve,
  uniformTimes,
} from '../../../../lib/solve/index.js';
import { compileFlow, compileSampler, deviceRng } from '../../../../notebooks/backend/compile/index.js';
import { skip } from './native.js';

const process = vp();
const prediction = predictNoise(t => 999 * t);

const network = () => {
  const made = mlp({ event: [2], width: 16, layers: 1, embedding: 8 }, philox(3));
  for (const [i, v] of [...made.parameters.values()].entries())
    v.assign(tf.add(v, tf.mul(0.1, philox(4).fold(i).normal(v.shape))));
  return made;
};

const distance = (a: tf.Tensor, b: tf.Tensor): number => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;

const methods: Record<string, Method> = {
  'Euler–Maruyama': eulerMaruyama(),
  'reverse diffusion': reverseDiffusion(),
  "Heun's": heun(),
  'DPM-Solver++(2M)': dpmSolver2M(),
};

for (const [name, method] of Object.entries(methods)) {
  for (const [kind, corrector] of [
    ['alone', undefined],
    ['with a corrector', { r: 0.16 }],
  ] as const) {
    // biome-ignore format: pairs
    test(`${name} ${kind}, 3 steps a program, is the sampler of the library`, { skip }, () => {
      const net = network();
      const apply = (x: tf.Tensor, label: tf.Tensor1D) => net.apply(x, label);
      const score = scoreFrom(process, prediction, apply);
      const step = linearStep(process, score, method);
      const times = uniformTimes(20, 1, 0.05);
      const start = (rng: Rng) => rng.normal([8, 2]);
      const host = philox(9);
      const expected = last(solve(corrector ? compose(langevin(score, 0.16), step) : step, start(host), times, host));
      const device = deviceRng(9);
      const before = tf.memory().numTensors;
      const sampler = compileSampler({
        process, prediction, apply, method, chunk: 3, ...(corrector && { corrector }),
      }); // biome-ignore format: one line of options
      const result = last(sampler.run(start(device), times, device));
      ok(distance(result, expected) < 2e-4 * tf.max(tf.abs(expected)).dataSync()[0]!, `${distance(result, expected)}`);
      equal(device.state().counter[0], host.state().counter[0]);
      sampler.dispose();
      ok(tf.memory().numTensors - before < 12, 'tensors of the run are released');
      net.dispose();
    });
  }
}

test('the flow and its divergence in one program are those of the library', { skip }, () => {
  const net = network();
  const apply = (x: tf.Tensor, label: tf.Tensor1D) => net.apply(x, label);
  const rng = philox(6);
  const [x, v] = [rng.normal([8, 2]), rng.rademacher([8, 2])];
  const divergence = (
    field: (y: tf.Tensor, t: readonly number[]) => tf.Tensor,
    y: tf.Tensor,
    t: readonly number[],
  ) => tf.sum(tf.mul(tf.grad((z: tf.Tensor) => field(z, t))(y, v), v), 1) as tf.Tensor1D;
  const expected = flowWithDivergence(process, scoreFrom(process, prediction, apply), divergence);
  const { along, dispose } = compileFlow(process, prediction, apply);
  const flow = along(v);
  for (let i = 0; i < 4; i++) {
    const times = Array.from({ length: 8 }, (_, row) => 0.1 + 0.1 * row + 0.01 * i);
    const [a, b] = [flow([x], times), expected([x], times)];
    ok(distance(a[0]!, b[0]!) < 1e-4, `velocity ${distance(a[0]!, b[0]!)}`);
    ok(distance(a[1]!, b[1]!) < 1e-4, `divergence ${distance(a[1]!, b[1]!)}`);
  }
  dispose();
  net.dispose();
});
