import assert from 'node:assert/strict';
import { test } from 'node:test';
import { derivative } from '../../../lib/math/derivative.js';
import { ddpmChain, scaledLinearBetas } from '../../../lib/process/chain.js';
import { betaOf, cosineBeta, linearBeta, stableDiffusionBeta, straightBeta } from '../../../lib/process/schedules.js';
import { ve } from '../../../lib/process/ve.js';
import { stableDiffusion } from '../../../lib/process/vp.js';
import { relative } from '../../support/processes.js';

const rates = { linear: linearBeta(), stable: stableDiffusionBeta(), cosine: cosineBeta(), straight: straightBeta() };

for (const [name, rate] of Object.entries(rates)) {
  test(`${name}: B is the integral of β, by differentiation and by quadrature`, () => {
    for (const t of [1e-3, 0.1, 0.4, 0.499, 0.501, 0.8, 0.95]) {
      assert.ok(relative(derivative(rate.integral, 1)(t), rate.beta(t)) < 1e-7, `β(${t})`);
      assert.ok(relative(betaOf(rate.beta).integral(t), rate.integral(t)) < 1e-12, `B(${t})`);
    }
  });
}

test('the continuous schedule of Stable Diffusion passes through its 1000 discrete β', () => {
  const betas = scaledLinearBetas();
  betas.forEach((beta, i) => {
    assert.ok(relative(stableDiffusionBeta().beta((i + 1) / 1000) / 1000, beta) < 1e-12);
  });
});

test('the cumulative α of Stable Diffusion is at most 1.107e-3 from its continuous form, at step 469', () => {
  const chain = ddpmChain(scaledLinearBetas());
  const gaps = Array.from({ length: 1000 }, (_, k) =>
    Math.abs(chain.alpha(k + 1) ** 2 - stableDiffusion().alpha((k + 1) / 1000) ** 2),
  );
  assert.ok(relative(Math.max(...gaps), 1.1075e-3) < 1e-4, String(Math.max(...gaps)));
  assert.equal(gaps.indexOf(Math.max(...gaps)), 468);
});

test('impossible schedules are refused', () => {
  assert.throws(() => linearBeta({ betaMin: 3, betaMax: 2 }), /\[betaMin, betaMax\]\[1\] is 2.*rise/);
  assert.throws(() => linearBeta({ betaMin: -1 }), /betaMin is -1/);
  assert.throws(() => betaOf(t => 1 - 2 * t).beta(0.7), /beta\(0\.7\) is -0\.39/);
  assert.throws(() => betaOf(t => 1 / (t - 0.5)).integral(1), RangeError);
  assert.throws(() => betaOf(() => Number.NaN).integral(1), /is NaN/);
  assert.throws(() => ve({ sigmaMin: 2, sigmaMax: 1 }), /\[sigmaMin, sigmaMax\]\[1\] is 1/);
});
