import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mul, norm, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { exactScore, lineFlow, sampleMixture } from '../../../lib/exact/index.js';
import { decode, encode, interpolate, temper } from '../../../lib/likelihood/index.js';
import { subVp, ve, vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { gap, lineMixture, planeMixture } from '../../oracle.js';

const read = (x: Tensor): number[] => Array.from(x.dataSync());

test('N4: decoding a code gives the data back, at solver tolerance', () => {
  for (const process of [vp(), ve(), subVp()]) {
    const score = exactScore(planeMixture, process);
    const x = sampleMixture(planeMixture, 12, philox(1));
    const options = { epsilon: 1e-3, rtol: 1e-5, atol: 1e-5 };
    const back = decode(process, score, encode(process, score, x, options), options);
    // A float32 code of size 50 leaves 3e-6 of itself, and the way back magnifies it by ς_T over the spread of the data.
    assert.ok(gap(read(back), read(x)) < 2e-3, `${gap(read(back), read(x))}`);
  }
});

test('codes are those of the probability flow: on the line, quantiles', () => {
  const process = vp();
  const x = tensor([[-1.3], [0.2], [1.52]]);
  const codes = read(encode(process, exactScore(lineMixture, process), x, { epsilon: 1e-3, rtol: 1e-6, atol: 1e-6 }));
  const want = read(x).map(v => lineFlow(lineMixture, process, v, 1e-3, 1));
  assert.ok(gap(codes, want) < 1e-4, `${codes} against ${want}`);
});

test('interpolation passes through both ends along the great circle and keeps the norm of each row', () => {
  const [a, b] = [philox(1).normal([3, 4, 2]), philox(2).normal([3, 4, 2])];
  assert.ok(gap(read(interpolate(a, b, 0)), read(a)) < 1e-6);
  assert.ok(gap(read(interpolate(a, b, 1)), read(b)) < 1e-6);
  const [x, y] = [tensor([[1, 0]]), tensor([[0, 1]])];
  assert.ok(gap(read(interpolate(x, y, 1 / 3)), [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)]) < 1e-6);
  assert.ok(gap(read(norm(interpolate(x, y, 0.4), 2, 1)), [1]) < 1e-6);
  assert.ok(gap(read(interpolate(a, a, 0.5)), read(a)) < 1e-5, 'equal codes');
  assert.deepEqual(read(temper(x, 0.5)), read(mul(x, 0.5)));
});
