import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, type Tensor } from '@tensorflow/tfjs-core';
import { blockMeans, channels, grey, type Measurement, masked, matrixMeasurement } from '../../../lib/control/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { scaleRows } from '../../../lib/rows.js';
import { gap } from '../../oracle.js';

const read = (x: Tensor): number[] => Array.from(x.dataSync());
const inner = (x: Tensor, y: Tensor): number => read(x).reduce((s, v, i) => s + v * read(y)[i]!, 0);

const shape = [4, 4, 3];
const measurements: Record<string, Measurement> = {
  inpainting: masked(
    Array.from({ length: 48 }, (_, i) => Number(i % 5 < 2)),
    shape,
  ),
  colourisation: channels(grey()),
  'two mixes of channels': channels([
    [0.6, 0.8, 0],
    [0, 0, 1],
  ]),
  'super-resolution': blockMeans(2),
  'a dense matrix': matrixMeasurement(
    Array.from({ length: 5 }, (_, i) => Array.from(philox(i).normals(48))),
    shape,
  ),
};

for (const [name, { apply, adjoint, precision }] of Object.entries(measurements)) {
  test(`${name}: the adjoint is the adjoint, the inverse the inverse, with one weight or one per row`, () => {
    const x = philox(10).normal([3, ...shape]);
    const y = apply(philox(11).normal([3, ...shape]));
    assert.ok(Math.abs(inner(apply(x), y) - inner(x, adjoint(y))) < 1e-3);
    for (const [v, w] of [
      [0.7, 0.2],
      [1, 0],
      [
        [0.1, 1, 2],
        [0.5, 0.1, 0],
      ],
    ] as const) {
      const z = precision(y, v, w);
      const back = add(scaleRows(apply(adjoint(z)), v), scaleRows(z, w));
      assert.ok(gap(read(back), read(y)) < 2e-4, `${gap(read(back), read(y))}`);
    }
  });
}

test('the grey image is √C times the mean of the channels', () => {
  const x = philox(1).normal([1, 2, 2, 3]);
  const values = read(x);
  const means = [0, 1, 2, 3].map(p => ((values[3 * p]! + values[3 * p + 1]! + values[3 * p + 2]!) / 3) * Math.sqrt(3));
  assert.ok(gap(read(channels(grey()).apply(x)), means) < 1e-6);
});

test('what is no measurement is refused', () => {
  assert.throws(() => masked([0, 2], [2]), /mask\[1\] is 2/);
  assert.throws(() => masked([0, 1, 1], [2]), /length of the mask is 3: 2 is expected/);
  assert.throws(() => channels([[1, 1, 1]]), /orthonormal/);
  assert.throws(() => matrixMeasurement([[1, 2]], [3]), /3 entries are expected/);
});
