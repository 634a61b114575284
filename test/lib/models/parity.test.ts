import '../../support/backend.js';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { fromOriginalConfig, ncsnpp, originalArrays, writeOriginal } from '../../../lib/models/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { imageOf as image, openReference as open, testParity } from '../../support/reference.js';

for (const name of ['ncsnpp_ve_tiny', 'ddpmpp_vp_tiny']) {
  describe(`${name}, with the weights of the original code`, () => {
    const weights = open(`${name}.weights`);
    const io = open(`${name}.io`);
    const config = fromOriginalConfig(JSON.parse(weights.metadata.config!));
    const network = ncsnpp(config, philox(0));
    writeOriginal(network.parameters, weights.tensors);
    const told = tf.tensor1d(io.tensors.get('time_cond')!.values as Float32Array);
    const label = config.fourierScale === undefined ? told : tf.log(told);
    testParity(name, (v, t) => network.apply(v, t as tf.Tensor1D), [image(io, 'x'), label], {
      output: image(io, 'output'),
      gradient: image(io, 'grad_x_of_sum_output_squared'),
    });

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
