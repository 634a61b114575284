import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mean, mul, square, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { exactScore, gaussian } from '../../../lib/exact/index.js';
import { ve, vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { langevin, meanNorm, type Norm, rowNorm } from '../../../lib/samplers/index.js';
import { corrector, solve } from '../../../lib/solve/index.js';

const dimensions = 256;

/** The variance of long Langevin runs on N(0, v I), averaged over the last 200 of 500 moves. */
const stationary = (r: number, alpha: number, norm: Norm) => {
  const process = ve();
  const t = 0.3;
  const d = dimensions;
  const variance = 0.5 + process.sigma(t) ** 2;
  const score = exactScore(gaussian(new Array(d).fill(0), 0.5), process);
  const rng = philox(17);
  const x = tidy(() => mul(rng.normal([16, d]), Math.sqrt(variance)));
  const step = corrector(process, score, langevin(r, { alpha: () => alpha, norm }));
  let total = 0;
  for (const state of solve(step, x, new Array(501).fill(t), rng)) {
    if (state.step > 300) total += tidy(() => mean(square(state.x)) as Tensor).dataSync()[0]! / 200;
  }
  return total / variance;
};

// With a norm for each row, E‖z‖⁴ E‖x‖⁻² = d(d + 2)/((d − 2)W) enters: a further factor (d + 2)/(d − 2).
const norms = [
  { name: 'meanNorm', norm: meanNorm, factor: 1 },
  { name: 'rowNorm', norm: rowNorm, factor: (dimensions + 2) / (dimensions - 2) },
];

for (const { name, norm, factor } of norms) {
  test(`S3: the corrector with ${name} has stationary variance V(1 + αr²), not V`, () => {
    // The relaxation time is 1/(4αr²) moves; 16·256 coordinates over 200 moves leave a standard error of about .3 %.
    for (const [r, alpha] of [
      [0.4, 1],
      [0.4, 0.5],
      [0.6, 1],
    ] as const) {
      const got = stationary(r, alpha, norm);
      const want = (1 + alpha * r * r) * factor;
      assert.ok(Math.abs(got - want) < 0.012, `r = ${r}, α = ${alpha}: ${got} against ${want}`);
    }
  });
}

test("misprint 5: for VP, α_i = 1 − β_i of the code keeps the corrector's step near its size where ∏(1 − β_j) stops it", () => {
  const process = vp();
  const step = (alpha: (t: number) => number, t: number): number => 2 * alpha(t) * 0.16 ** 2 * process.sigma(t) ** 2;
  const code = (t: number): number => 1 - process.g(t) ** 2 / 1000;
  const paper = (t: number): number => process.alpha(t) ** 2;
  assert.ok(step(code, 1) > 0.97 * 2 * 0.16 ** 2 && step(paper, 1) < 1e-4 * step(code, 1));
});
