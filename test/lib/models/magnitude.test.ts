import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, scalar, slice, type Tensor, tensor1d } from '@tensorflow/tfjs-core';
import { edm2, edm2Defaults } from '../../../lib/models/index.js';
import {
  balancedConcat,
  balancedConvolution,
  balancedFourier,
  balancedLinear,
  balancedSum,
  balancedSwish,
  pixelNorm,
} from '../../../lib/models/magnitude.js';
import { parameterScope } from '../../../lib/nn/index.js';
import { philox } from '../../../lib/rng/rng.js';

const meanSquare = (v: Tensor): number =>
  (v.dataSync() as Float32Array).reduce((sum, value) => sum + value ** 2, 0) / v.size;
const normal = (seed: number, ...shape: number[]): Tensor => philox(seed).normal(shape);
/** Within what chance allows n independent squares of normals with this mean, 6 standard errors of √(2/n). */
const isSquare = (found: number, expected: number, n: number): void =>
  assert.ok(Math.abs(found / expected - 1) < 6 * Math.sqrt(2 / n), `${found}, expected ${expected}`);

test('linear maps keep the mean square of normal numbers, and a gain scales it', () => {
  const { scope } = parameterScope(philox(1));
  const layer = balancedLinear(scope, 64, 256);
  // 64 numbers a row settle each of its 256 outputs.
  isSquare(meanSquare(layer(normal(2, 400, 64))), 1, 400 * 64);
  isSquare(meanSquare(layer(normal(2, 400, 64), scalar(3))), 9, 400 * 64);
});

test('a convolution keeps it too, but for what the zeros around the image take: ((3H − 2)/3H)² of the kernel', () => {
  const { scope } = parameterScope(philox(3));
  const x = normal(4, 16, 8, 8, 16);
  isSquare(meanSquare(balancedConvolution(scope.at('one'), 16, 32, 1)(x)), 1, x.size);
  // Of 8 rows the first and the last see two of the kernel's three.
  isSquare(meanSquare(balancedConvolution(scope.at('three'), 16, 200, 3)(x)), (22 / 24) ** 2, x.size / 9);
});

test('swish, sums, concatenations, Fourier features and pixel norm have mean square 1', () => {
  const [a, b] = [normal(5, 40_000, 8), normal(6, 40_000, 24)];
  // E swish² = .3558 for a normal variable, .596² = .3552; the fourth moment of swish makes chance 2.1 times as large.
  assert.ok(Math.abs(meanSquare(balancedSwish(a)) - 0.35577 / 0.596 ** 2) < 6 * 2.2 * Math.sqrt(2 / a.size));
  for (const share of [0.3, 0.5]) {
    isSquare(meanSquare(balancedSum(a, normal(7, 40_000, 8), share)), 1, a.size);
    isSquare(meanSquare(balancedConcat(a, b, share)), 1, a.size);
  }
  const { scope } = parameterScope(philox(8));
  const labels = tensor1d(philox(9).normals(500));
  const waves = balancedFourier(scope, 4000)(labels);
  assert.ok(Math.abs(meanSquare(waves) - 1) < 6 / Math.sqrt(4000)); // frequencies and phases are the independent draws
  assert.ok(Math.abs(meanSquare(pixelNorm(a)) - 1) < 2e-3); // the ε = 10⁻⁴ in the divisor
});

test('the shares of a concatenation are those in what the next layer sees', () => {
  const [a, b] = [normal(10, 4000, 8), normal(11, 4000, 24)];
  const joined = balancedConcat(a, b, 0.3);
  const part = (from: number, length: number) => slice(joined, [0, from], [-1, length]);
  isSquare((meanSquare(part(0, 8)) * 8) / (meanSquare(part(8, 24)) * 24), (0.7 / 0.3) ** 2, 10_000);
  assert.deepEqual(joined.shape, concat([a, b], 1).shape);
});

test('so no activation of a new EDM2 dies away or grows, at any depth', () => {
  const runs = Array.from({ length: 8 }, (_, seed) => {
    const sizes = { width: 32, multipliers: [1, 2], blocks: 1, attention: [1], headChannels: 16 };
    const network = edm2({ ...edm2Defaults, ...sizes, channels: 3, size: 16 }, philox(seed));
    network.parameters.get('unet.out_gain')!.assign(scalar(1));
    const seen: number[] = [];
    // Where dropout would act, between the two convolutions of each block, is a place to look.
    const dropout = (v: Tensor) => {
      seen.push(meanSquare(v));
      return v;
    };
    const label = tensor1d([-1.5, -0.5, 0.5, 1]);
    seen.push(meanSquare(network.apply(philox(100 + seed).normal([4, 16, 16, 3]), label, { dropout })));
    network.dispose();
    return seen;
  });
  const places = runs[0]!.map((_, i) => Math.sqrt(runs.reduce((sum, seen) => sum + seen[i]!, 0) / runs.length));
  assert.equal(places.length, 11); // ten blocks, and the output
  // Zeros around the images take up to 8 % of a square of 16 pixels and 16 % of one of 8 at every convolution.
  for (const [i, place] of places.entries()) assert.ok(place > 0.7 && place < 1.1, `place ${i}: ${place}`);
});
