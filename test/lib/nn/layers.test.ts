import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Tensor, tensor, zeros } from '@tensorflow/tfjs-core';
import { dropout } from '../../../lib/nn/dropout.js';
import { conv, convTranspose, dense } from '../../../lib/nn/layers.js';
import { parameterScope } from '../../../lib/nn/scope.js';
import { philox } from '../../../lib/rng/rng.js';
import { near, take } from '../../support/tensors.js';

const rng = philox(2);
const make = () => parameterScope(rng.fold(1));

test('dense multiplies the last axis of any rank and adds the bias', () => {
  const { scope, parameters } = make();
  const layer = dense(scope, 2, 3);
  parameters.get('w')!.assign(
    tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]),
  );
  parameters.get('b')!.assign(tensor([0.5, 0, -1]));
  near(take(layer(tensor([[1, 1]]))), [5.5, 7, 8]);
  const deep = layer(
    tensor([
      [
        [1, 0],
        [0, 1],
      ],
    ]),
  );
  assert.deepEqual(deep.shape, [1, 2, 3]);
  near(take(deep), [1.5, 2, 2, 4.5, 5, 5]);
});

test('a convolution sums over its window, and a stride halves the image', () => {
  const { scope, parameters } = make();
  const layer = conv(scope, 1, 1);
  parameters.get('w')!.assign(
    tensor(
      Array.from({ length: 9 }, (_, i) => i),
      [3, 3, 1, 1],
    ),
  );
  const point = tensor([0, 0, 0, 0, 1, 0, 0, 0, 0], [1, 3, 3, 1]);
  near(take(layer(point)), [8, 7, 6, 5, 4, 3, 2, 1, 0]); // cross-correlation: the window reversed
  const half = conv(scope.at('half'), 1, 2, { stride: 2 });
  assert.deepEqual(half(zeros([1, 8, 6, 1])).shape, [1, 4, 3, 2]);
});

test('a transposed convolution is the transpose of the convolution with the same window', () => {
  const { scope, parameters } = make();
  const down = conv(scope.at('down'), 2, 3, { stride: 2 });
  const up = convTranspose(scope.at('up'), 3, 2);
  parameters.get('up.w')!.assign(parameters.get('down.w')! as Tensor); // [3, 3, 2, 3] in both
  const x = rng.normal([1, 6, 4, 2]);
  const y = rng.normal([1, 3, 2, 3]);
  const dot = (a: number[], b: number[]) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
  const [left, right] = [dot(take(down(x)), Array.from(y.dataSync())), dot(Array.from(x.dataSync()), take(up(y)))];
  assert.ok(Math.abs(left - right) < 1e-4, `⟨Ax, y⟩ ${left}, ⟨x, Aᵀy⟩ ${right}`);
});

test('first values keep the variance of the input, within 5 standard errors, and differ by name only in their stream', () => {
  const { scope } = make();
  const n = 100_000;
  for (const [layer, shape] of [
    [dense(scope.at(0), 50, 20), [n / 20, 50]],
    [conv(scope.at(1), 8, 10), [4, 50, 50, 8]],
    [convTranspose(scope.at(2), 8, 10), [4, 25, 25, 8]],
  ] as const) {
    const values = take(layer(rng.normal(shape)));
    const variance = values.reduce((sum, v) => sum + v * v, 0) / values.length;
    assert.ok(Math.abs(variance - 1) < 0.25, String(variance)); // 1000 to 720 random weights: ±5 · √(2/720)
  }
  const { parameters } = make();
  const again = make();
  dense(again.scope.at(0), 50, 20);
  assert.equal(parameters.size, 0);
  assert.throws(() => dense(again.scope.at(0), 50, 20), /a parameter name is "0\.w": it is taken/);
});

test('dropout sets the wanted part to 0 and keeps the mean', () => {
  const n = 100_000;
  const values = take(dropout(0.3, rng)(tensor(new Float32Array(n).fill(1))));
  const zero = values.filter(v => v === 0).length / n;
  assert.ok(Math.abs(zero - 0.3) < 5 * Math.sqrt((0.3 * 0.7) / n), String(zero));
  assert.ok(values.every(v => v === 0 || Math.abs(v - 1 / 0.7) < 1e-6));
  assert.throws(() => dropout(1, rng), /the dropout rate is 1/);
});
