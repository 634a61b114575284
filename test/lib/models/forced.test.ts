import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mean, norm, type Scalar, scalar, square, sub, type Tensor, tensor1d } from '@tensorflow/tfjs-core';
import { edm2, edm2Defaults, normaliseWeights } from '../../../lib/models/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { adam, chain, type Transform, trainer, unflatten } from '../../../lib/train/index.js';

const config = {
  ...edm2Defaults,
  channels: 1,
  size: 8,
  width: 8,
  multipliers: [1, 2],
  blocks: 1,
  attention: [],
  headChannels: 8,
};

/** The magnitudes of all weights after some steps at a high rate. */
const trained = (last: (parameters: ReturnType<typeof edm2>['parameters']) => Transform[]): number[] => {
  const network = edm2(config, philox(1));
  network.parameters.get('unet.out_gain')!.assign(scalar(1));
  const learner = trainer<Tensor>({
    parameters: network.parameters,
    loss: x => mean(square(sub(network.apply(x, tensor1d([0, 1])), x))) as Scalar,
    learningRate: () => 0.05,
    optimiser: chain(adam({ beta2: 0.99 }), ...last(network.parameters)),
  });
  for (let i = 0; i < 8; i++) learner.step(philox(2).fold(i).normal([2, 8, 8, 1])).dispose();
  const weights = unflatten(learner.layout, learner.slots.parameters!).filter(w => w.rank > 1);
  return weights.map(w => norm(w).dataSync()[0]! / Math.sqrt(w.size));
};

test('weights have magnitude 1 from the first step to the last', () => {
  // ε = 10⁻⁴ in the divisor leaves 1/1.0001.
  for (const each of trained(parameters => [normaliseWeights(parameters)]))
    assert.ok(Math.abs(each - 1) < 2e-4, `${each}`);
});

test('left alone, they grow', () => {
  // The gradient is orthogonal to the weights of a normalised layer, so that every step makes them longer.
  assert.ok(Math.max(...trained(() => [])) > 1.02);
});
