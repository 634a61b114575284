import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { denoisingBatch, lossOf } from '../../../../lib/loss/index.js';
import type { Network } from '../../../../lib/nn/index.js';
import { vp } from '../../../../lib/process/index.js';
import { philox, type Rng, type RngState } from '../../../../lib/rng/rng.js';
import { type Archive, readParameters, restore, snapshot, trainer } from '../../../../lib/train/index.js';
import { compile, deviceRng } from '../../../../notebooks/backend/graph/index.js';
import { networks } from '../../../support/networks.js';
import { skip } from './native.js';

const STEPS = 8;

/** Takes the steps up to `end`, from a snapshot if there is one, in a network of its own. */
const train = (name: string, make: (at: number | RngState) => Rng, end: number, from?: Archive) => {
  const { event, make: build } = networks[name]!;
  const network: Network<unknown> = build(philox(1));
  const learner = trainer({
    parameters: network.parameters,
    loss: lossOf((x, label) => network.apply(x, label)),
    learningRate: () => 1e-2,
    wrap: fn => compile(fn, { xla: name === 'MLP' }),
  });
  const rng = make(from ? restore(from, network.parameters, learner) : 5);
  const losses: number[] = [];
  while (learner.steps < end) {
    const x0 = rng.normal([4, ...event]);
    const batch = denoisingBatch({ process: vp() }, x0, rng);
    const value = learner.step(batch);
    losses.push(value.dataSync()[0]!);
    tf.dispose([x0, batch, value]);
  }
  const saved = snapshot(network.parameters, learner, rng.state());
  const parameters = readParameters(network.parameters);
  learner.dispose();
  network.dispose();
  return { losses, saved, parameters };
};

for (const [name, stream, make, cuts] of [
  ['U-Net', 'the host', philox, [1, 2, 5]],
  ['MLP', 'the device', deviceRng, [4]],
] as const) {
  const what = `compiled training of the ${name}, with random numbers of ${stream}`;
  test(`${what}, cut off after step ${cuts.join(', ')}, goes on bit for bit`, { skip }, () => {
    const whole = train(name, make, STEPS);
    for (const cut of cuts) {
      const first = train(name, make, cut);
      const second = train(name, make, STEPS, first.saved);
      deepEqual([...first.losses, ...second.losses], whole.losses);
      deepEqual(second.parameters, whole.parameters);
      deepEqual(second.saved, whole.saved);
    }
  });
}
