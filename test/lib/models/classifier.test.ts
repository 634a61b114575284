import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cast, oneHot, type Scalar, tensor1d, tensor2d, variableGrads, zeros } from '@tensorflow/tfjs-core';
import { classifier, crossEntropy } from '../../../lib/models/index.js';
import { philox } from '../../../lib/rng/rng.js';

const hot = (classes: number[], count: number) => cast(oneHot(tensor1d(classes, 'int32'), count), 'float32');
const config = { channels: 3, widths: [4, 8], groups: 2, classes: 5 };

test('a classifier gives features of its last width and logits of its classes, for images of any size', () => {
  const network = classifier(config, philox(1));
  for (const size of [6, 9]) {
    const features = network.features(philox(2).normal([3, size, size, 3]));
    assert.deepEqual(features.shape, [3, 8]);
    assert.deepEqual(network.logits(features).shape, [3, 5]);
  }
  assert.throws(() => network.features(zeros([3, 6, 6, 1])), /the shape of x is \[3, 6, 6, 1\]/);
});

test('cross-entropy is the mean of −log softmax at the class, far logits too', () => {
  const rows = [
    [1, 2, 0.5],
    [-3, 0, 4],
    [200, 0, -200],
  ];
  const classes = [1, 0, 2];
  const want = rows.map((row, i) => {
    const top = Math.max(...row);
    return Math.log(row.reduce((sum, v) => sum + Math.exp(v - top), 0)) + top - row[classes[i]!]!;
  });
  const found = crossEntropy(tensor2d(rows), hot(classes, 3)).dataSync()[0]!;
  const mean = want.reduce((a, b) => a + b) / 3;
  assert.ok(Math.abs(found - mean) < 1e-5 * mean, `${found}, ${mean}`);
});

test('every parameter of a classifier has a gradient', () => {
  const network = classifier(config, philox(1));
  const x = philox(2).normal([4, 8, 8, 3]);
  const y = hot([0, 1, 2, 3], 5);
  const loss = () => crossEntropy(network.logits(network.features(x)), y) as Scalar;
  const { grads } = variableGrads(loss, [...network.parameters.values()]);
  for (const [name, v] of network.parameters) {
    assert.ok(
      grads[v.name]!.dataSync().some(g => Math.abs(g) > 1e-9),
      name,
    );
  }
});
