import '../../support/backend.js';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { denoisingRows, edmWeighting, uncertainLossOf, uploadRows } from '../../../lib/loss/index.js';
import { type Edm2Config, edm2, edm2Defaults, normaliseWeights, writeEdm2 } from '../../../lib/models/index.js';
import { edm } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { denoised, precondition, scoreFrom } from '../../../lib/score/index.js';
import { flatten, layout, unflatten } from '../../../lib/train/index.js';
import { gap } from '../../support/networks.js';
import { imageOf, openReference, testParity } from '../../support/reference.js';

const weights = openReference('edm2_tiny.weights');
const io = openReference('edm2_tiny.io');
const there = JSON.parse(weights.metadata.config!);
const config: Edm2Config = {
  ...edm2Defaults,
  channels: there.img_channels,
  size: there.img_resolution,
  width: there.model_channels,
  multipliers: there.channel_mult,
  blocks: there.num_blocks,
  attention: [1],
  headChannels: there.channels_per_head,
  classes: there.label_dim,
  uncertaintyFeatures: there.logvar_channels,
};
/** The root of the mean square. */
const magnitude = (v: tf.Tensor): number => tf.sqrt(tf.mean(tf.square(v))).dataSync()[0]!;
const values = (name: string) => io.tensors.get(name)!.values as Float32Array;

describe('EDM2 with the weights of the original code', () => {
  const network = edm2(config, philox(0));
  writeEdm2(network.parameters, weights.tensors);
  const label = tf.tensor1d(values('label'));
  const classes = tf.tensor1d(io.tensors.get('classes')!.values as Int32Array, 'int32');
  const output = (v: tf.Tensor, ...[t, y]: tf.Tensor[]) =>
    network.apply(v, t as tf.Tensor1D, { classes: y as tf.Tensor1D });
  testParity('edm2_tiny', output, [imageOf(io, 'input'), label, classes], {
    output: imageOf(io, 'output'),
    gradient: imageOf(io, 'grad_input_of_sum_output_squared'),
  });

  test('gives the same uncertainty', () => {
    assert.ok(gap(values('logvar'), network.uncertainty(label).dataSync()) <= 1e-5);
  });

  test('denoises alike', () => {
    const state = imageOf(io, 'x');
    const sigmas = values('sigma');
    const found = Array.from(sigmas, (t, i) => {
      const row = tf.slice(state, i, 1);
      const of = (v: tf.Tensor, told: tf.Tensor1D) => network.apply(v, told, { classes: [classes.dataSync()[i]!] });
      return Array.from(denoised(edm(), scoreFrom(edm(), of, precondition(edm(), 0.5)))(row, t).dataSync());
    });
    assert.ok(gap(imageOf(io, 'denoised').dataSync(), found.flat()) <= 1e-5);
  });

  test('has the same loss with its uncertainty, and the same gradient in every layer', () => {
    const process = edm();
    const rows = uploadRows(denoisingRows(process, precondition(process, 0.5), edmWeighting(), values('sigma')));
    const batch = { x0: imageOf(io, 'x0'), epsilon: imageOf(io, 'noise'), rows };
    const apply = (v: tf.Tensor, t: tf.Tensor1D) => network.apply(v, t, { classes });
    const { value, grads } = tf.variableGrads(() => uncertainLossOf(apply, network.uncertainty)(batch));
    assert.ok(gap(values('loss'), value.dataSync()) <= 1e-5);
    const names: string[] = JSON.parse(io.metadata.parameters!);
    const norms = names.map(name => tf.norm(grads[network.parameters.get(name)!.name]!).dataSync()[0]!);
    for (const [i, expected] of values('norm_of_loss_gradient').entries())
      assert.ok(Math.abs(norms[i]! - expected) <= 1e-5 * expected + 1e-8, `${names[i]}: ${norms[i]}, ${expected}`);
  });

  test('has its weights brought back to the same lengths', () => {
    const { project } = normaliseWeights(network.parameters);
    const into = layout(network.parameters);
    const parts = unflatten(into, project!(flatten(into.variables)));
    const names: string[] = JSON.parse(io.metadata.parameters!);
    const expected = values('rms_after_forced');
    for (const [i, name] of into.names.entries())
      assert.ok(Math.abs(magnitude(parts[i]!) / expected[names.indexOf(name)]! - 1) <= 1e-5, name);
  });
});

test('a record that describes no network is refused by its field', () => {
  const refused = (part: Partial<Edm2Config>, message: RegExp) =>
    assert.throws(() => edm2({ ...config, ...part }, philox(0)), message);
  refused({ size: 15 }, /size is 15: a multiple of 2/);
  refused({ attention: [2] }, /attention\[0\] is 2/);
  refused({ headChannels: 5 }, /headChannels is 5: it has to divide the 16 channels of level 1/);
  refused({ balance: { ...edm2Defaults.balance, block: 2 } }, /balance\.block is 2/);
});

test('images of another size are refused', () => {
  const network = edm2(config, philox(0));
  assert.throws(() => network.apply(tf.zeros([1, 8, 8, 3]), tf.tensor1d([0])), /\[1, 8, 8, 3\].*\[B, 16, 16, 3\]/);
});
