import '../../support/backend.js';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { fromOriginalConfig, ncsnpp, originalArrays, writeOriginal } from '../../../lib/models/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { compile } from '../../../notebooks/backend/graph/index.js';
import { gap } from '../../support/networks.js';
import { imageOf as image, openReference as open } from '../../support/reference.js';

for (const name of ['ncsnpp_ve_tiny', 'ddpmpp_vp_tiny']) {
  describe(`${name}, with the weights of the original code`, () => {
    const weights = open(`${name}.weights`);
    const io = open(`${name}.io`);
    const config = fromOriginalConfig(JSON.parse(weights.metadata.config!));
    const network = ncsnpp(config, philox(0));
    writeOriginal(network.parameters, weights.tensors);
    const x = image(io, 'x');
    const told = tf.tensor1d(io.tensors.get('time_cond')!.values as Float32Array);
    const label = config.fourierScale === undefined ? told : tf.log(told);
    const expected = image(io, 'output').dataSync();
    const slope = image(io, 'grad_x_of_sum_output_squared').dataSync();
    const output = (v: tf.Tensor, t: tf.Tensor) => network.apply(v, t as tf.Tensor1D);
    const gradient = (v: tf.Tensor, t: tf.Tensor) => tf.grad(u => tf.sum(tf.square(output(u, t))))(v);

    for (const [way, wrap] of [
      ['eager', (f: typeof output) => f],
      ['compiled', compile],
    ] as const) {
      test(`gives the same output and the same input gradient, ${way}`, t => {
        const away = [
          gap(expected, wrap(output)(x, label).dataSync()),
          gap(slope, wrap(gradient)(x, label).dataSync()),
        ];
        t.diagnostic(
          `${name}, ${way}: relative error of output ${away[0]!.toExponential(1)}, gradient ${away[1]!.toExponential(1)}`,
        );
        assert.ok(
          away.every(v => v <= 1e-5),
          `${away}`,
        );
      });
    }

    test('is written again bit for bit', () => {
      for (const [key, { shape, values }] of originalArrays(network.parameters)) {
        assert.deepEqual(
          { shape, values },
          { shape: weights.tensors.get(key)!.shape, values: weights.tensors.get(key)!.values },
        );
      }
      assert.equal(network.parameters.size, weights.tensors.size - 1); // all but the levels `sigmas`
    });
  });
}
