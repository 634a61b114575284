import { equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { flowWithDivergence, hutchinson } from '../../../../lib/likelihood/index.js';
import { vp } from '../../../../lib/process/index.js';
import { philox, type Rng } from '../../../../lib/rng/rng.js';
import { dpmSolver2M, langevin, reverseDiffusion, rowNorm, type Sampler } from '../../../../lib/samplers/index.js';
import { predictNoise, scoreFrom } from '../../../../lib/score/index.js';
import { compose, corrector, last, predictor, solve, uniformTimes } from '../../../../lib/solve/index.js';
import {
  compileFlow,
  compileSampler,
  deviceRng,
  type SamplerOptions,
} from '../../../../notebooks/backend/graph/index.js';
import { gap, moved, networks } from '../../../support/networks.js';
import { samplers } from '../../../support/samplers.js';
import { slow } from '../../../support/slow.js';
import { skip } from './native.js';

const process = vp();
const prediction = predictNoise(t => 999 * t);

/** Runs a method eagerly and compiled, from the same numbers. */
const compare = (name: string, sampler: Sampler, options: Partial<SamplerOptions> = {}, steps = 20) => {
  const network = moved(name);
  const shape = [8, ...networks[name]!.event];
  const apply = (x: tf.Tensor, label: tf.Tensor1D) => network.apply(x, label);
  const score = scoreFrom(process, apply, prediction);
  const step = predictor(process, score, sampler);
  const times = uniformTimes(steps, 1, 0.05);
  const start = (rng: Rng) => rng.normal(shape);
  const { corrector: corrected } = options;
  const host = philox(9);
  const expected = last(
    solve(corrected ? compose(corrector(process, score, corrected), step) : step, start(host), times, host),
  );
  const device = deviceRng(9);
  const before = tf.memory().numTensors;
  const compiled = compileSampler({ process, prediction, apply, sampler, chunk: 3, ...options });
  const result = last(compiled.run(start(device), times, device));
  const difference = gap(expected.dataSync(), result.dataSync());
  ok(difference < 2e-4, `${difference}`);
  equal(device.state().counter[0], host.state().counter[0]);
  compiled.dispose();
  ok(tf.memory().numTensors - before < 12, 'tensors of the run are released');
  network.dispose();
};

const XLA = new Set(['Euler–Maruyama', 'Heun', 'DPM-Solver++(2M)', 'SRA1']);

for (const { name, sampler } of samplers) {
  test(`${name}, 3 steps a program, is the sampler of the library`, {
    skip: skip || (XLA.has(name) && slow('compiles a program')),
  }, () => {
    // XLA takes seconds to compile a program: one of each kind goes through it, all others through a plain graph.
    compare('MLP', sampler, XLA.has(name) ? {} : { compile: { xla: false } });
  });
}

for (const [name, sampler] of [
  ['reverse diffusion', reverseDiffusion()],
  ['DPM-Solver++(2M)', dpmSolver2M()],
] as const) {
  for (const network of ['MLP', 'U-Net']) {
    test(`so is ${name} with a corrector, of the ${network}`, { skip: skip || slow('compiles a program') }, () => {
      compare(network, sampler, { corrector: langevin(0.16), chunk: 1 }, 6);
    });
  }
}

test('so is a corrector that measures every row by itself', { skip }, () => {
  compare('U-Net', reverseDiffusion(), { corrector: langevin(0.16, { norm: rowNorm }), compile: { xla: false } }, 6);
});

for (const name of ['MLP', 'U-Net']) {
  test(`the flow and its divergence in one program are those of the library, of the ${name}`, { skip }, () => {
    const network = moved(name);
    const shape = [8, ...networks[name]!.event];
    const apply = (x: tf.Tensor, label: tf.Tensor1D) => network.apply(x, label);
    const rng = philox(6);
    const [x, v] = [rng.normal(shape), rng.rademacher(shape)];
    const expected = flowWithDivergence(process, scoreFrom(process, apply, prediction), hutchinson(v));
    const { along, dispose } = compileFlow(process, prediction, apply);
    const flow = along(v);
    for (let i = 0; i < 4; i++) {
      const times = Array.from({ length: 8 }, (_, row) => 0.1 + 0.1 * row + 0.01 * i);
      const [a, b] = [flow([x], times), expected([x], times)];
      for (const [k, part] of ['velocity', 'divergence'].entries()) {
        const difference = gap(b[k]!.dataSync(), a[k]!.dataSync());
        ok(difference < 1e-4, `${part} ${difference}`);
      }
    }
    dispose();
    network.dispose();
  });
}
