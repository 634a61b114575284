import { deepEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import type * as tf from '@tensorflow/tfjs-core';
import { tensor1d } from '@tensorflow/tfjs-core';
import { denoisingBatch, lossOf } from '../../../../lib/loss/index.js';
import { dropout } from '../../../../lib/nn/index.js';
import { vp } from '../../../../lib/process/index.js';
import { philox } from '../../../../lib/rng/rng.js';
import { trainer } from '../../../../lib/train/index.js';
import { compile, type Mode, parallel } from '../../../../notebooks/backend/graph/index.js';
import { gap, networks } from '../../../support/networks.js';
import { slow } from '../../../support/slow.js';
import { compiledMode, skip } from './native.js';

const STEPS = 6;
const classes = [0, 1, 2, 3];

interface Way {
  readonly compiled: boolean;
  readonly parts?: number;
  readonly drop?: boolean;
}

/** Losses and final average parameters of a short training run. */
const train = (name: string, { compiled, parts = 1, drop = false }: Way) => {
  const { event, make } = networks[name]!;
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
  const told = {
    ...(name.includes('classes') && { classes: tensor1d(classes, 'int32') }),
    ...(drop && { dropout: (x: tf.Tensor) => dropout(0.1, philox(7))(x) }),
  };
  const apply = (x: tf.Tensor, label: tf.Tensor1D) => network.apply(x, label, told);
  const learner = trainer({
    parameters: network.parameters,
    loss: lossOf(parts > 1 ? parallel(apply, parts) : apply),
    learningRate: () => 1e-3,
    ...(compiled && { wrap: wrapper }),
  });
  const losses = Array.from({ length: STEPS }, () => {
    const x0 = rng.normal([classes.length, ...event]);
    const batch = denoisingBatch({ process }, x0, rng);
    return learner.step(batch).dataSync()[0]!;
  });
  deepEqual(
    modes.map(mode => mode()),
    compiled ? [compiledMode(name === 'MLP')] : [],
  );
  const average = learner.slots.average!.dataSync();
  const parameters = [...network.parameters.values()].flatMap(v => Array.from(v.dataSync()));
  learner.dispose();
  network.dispose();
  return { losses, average, parameters };
};

const agree = (eager: ReturnType<typeof train>, other: ReturnType<typeof train>) => {
  ok(gap(eager.losses, other.losses) < 1e-5, `losses differ by ${gap(eager.losses, other.losses)}`);
  // Adam divides by the root of tiny second moments, which magnifies rounding in the first steps
  ok(gap(eager.parameters, other.parameters) < 1e-3, `${gap(eager.parameters, other.parameters)}`);
  ok(gap(eager.average, other.average) < 1e-3);
};

for (const name of Object.keys(networks)) {
  test(`${STEPS} training steps of the ${name} are those of eager execution`, {
    skip: skip || (name !== 'MLP' && slow('compiles a U-Net')),
  }, () => {
    agree(train(name, { compiled: false }), train(name, { compiled: true }));
  });
}

test('so they are with dropout', { skip: skip || slow('compiles a U-Net') }, () => {
  agree(train('U-Net', { compiled: false, drop: true }), train('U-Net', { compiled: true, drop: true }));
});

test('and with the network in three parallel parts of a batch of four', { skip }, () => {
  agree(train('U-Net', { compiled: false }), train('U-Net', { compiled: true, parts: 3 }));
});
