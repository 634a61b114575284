import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  dataWeighting,
  edmWeighting,
  likelihoodWeighting,
  minSnrWeighting,
  uniformWeighting,
  varianceWeighting,
} from '../../../lib/loss/weighting.js';
import { integrate } from '../../../lib/math/quadrature.js';
import { ddpmChain, geometricLevels, sampledBetas, smldChain } from '../../../lib/process/chain.js';
import { snr } from '../../../lib/process/gaussian.js';
import { linearBeta } from '../../../lib/process/schedules.js';
import { ve } from '../../../lib/process/ve.js';
import { vp } from '../../../lib/process/vp.js';
import { processes, relative, timeAt } from '../../support/processes.js';

test('λ = σ² is 1 over the mean square of the conditional score, and SNR on the data’s error', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(processes)),
      fc.double({ min: 0.1, max: 1, noNaN: true }),
      (process, u) => {
        const t = timeAt(process, u);
        assert.ok(relative(varianceWeighting(process, t), process.sigma(t) ** 2) < 1e-14);
        assert.ok(relative(dataWeighting(snr)(process, t), varianceWeighting(process, t)) < 1e-12);
        assert.equal(uniformWeighting(process, t), 1);
        assert.ok(relative(likelihoodWeighting(process, t), process.g(t) ** 2) < 1e-14);
        // min-SNR is ε-prediction's weight where the SNR is below γ, and holds the data's weight at γ elsewhere.
        const gamma = 5;
        const onNoise = minSnrWeighting(gamma)(process, t) / varianceWeighting(process, t);
        assert.ok(relative(onNoise, Math.min(1, gamma / snr(process, t))) < 1e-12);
        const d = 0.5;
        const varsigma = 1 / Math.sqrt(snr(process, t));
        const onError = (edmWeighting(d)(process, t) * process.alpha(t) ** 2) / process.sigma(t) ** 4;
        assert.ok(relative(onError, (varsigma ** 2 + d * d) / (varsigma * d) ** 2) < 1e-11);
      },
    ),
  );
});

/** E(s_θ + ε/σ)² at a noise level for data N(0, v) and s_θ = c ∇log p: what denoising score matching measures. */
const error = (alpha: number, sigma: number, v: number, c: number): number => {
  const V = alpha ** 2 * v + sigma ** 2;
  return (c - 1) ** 2 / V + 1 / sigma ** 2 - 1 / V;
};

const order = (gap: (N: number) => number): number => Math.log2(gap(2048) / gap(4096));

test('DDPM’s weighted sum over steps tends to the integral with λ = 1 − α², SMLD’s to the one with λ = σ²', () => {
  const [v, c] = [0.25, 1.3];
  const rate = linearBeta();
  const process = vp();
  const continuous = integrate(
    t => varianceWeighting(process, t) * error(process.alpha(t), process.sigma(t), v, c),
    0,
    1,
  );
  const ddpm = (N: number) => {
    const chain = ddpmChain(sampledBetas(rate, N));
    let sum = 0;
    for (let i = 1; i <= N; i++) sum += chain.sigma(i) ** 2 * error(chain.alpha(i), chain.sigma(i), v, c);
    return Math.abs(sum / N - continuous);
  };
  assert.ok(Math.abs(order(ddpm) - 1) < 0.02, `order ${order(ddpm)}`);
  // SMLD's kernel has the variance level² = σ(t)² + σ_min²: data of variance v + σ_min² in the SDE's terms.
  const exploding = ve();
  const level = (t: number) => Math.hypot(exploding.sigma(t), 0.01);
  const limit = integrate(t => level(t) ** 2 * error(1, level(t), v, c), 0, 1);
  const smld = (N: number) => {
    const chain = smldChain(geometricLevels(N));
    let sum = 0;
    for (let i = 1; i <= N; i++) sum += chain.sigma(i) ** 2 * error(1, chain.sigma(i), v, c);
    return Math.abs(sum / N - limit);
  };
  assert.ok(Math.abs(order(smld) - 1) < 0.02, `order ${order(smld)}`);
});

/** KL(N(0, a) ‖ N(0, b)). */
const divergence = (a: number, b: number): number => (a / b - 1 - Math.log(a / b)) / 2;

test('λ = g² bounds the divergence: KL(p‖p_θ) ≤ ½∫g² E(s − s_θ)² dt + KL(p_T‖π), close for a nearly true score', () => {
  const process = vp();
  const v = 0.25;
  const variance = (t: number) => process.alpha(t) ** 2 * v + process.sigma(t) ** 2;
  /** The variance at 0 of the reverse SDE from N(0, 1) with the score c s, by Runge–Kutta. */
  const model = (c: number): number => {
    const slope = (t: number, y: number) =>
      2 * (process.f(t) + (process.g(t) ** 2 * c) / variance(t)) * y - process.g(t) ** 2;
    const n = 20_000;
    const h = -1 / n;
    let y = 1;
    for (let i = 0; i < n; i++) {
      const t = 1 + i * h;
      const middle = t + h / 2;
      const k1 = slope(t, y);
      const k2 = slope(middle, y + (h / 2) * k1);
      const k3 = slope(middle, y + (h / 2) * k2);
      const k4 = slope(Math.max(t + h, 0), y + h * k3);
      y += (h / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
    }
    return y;
  };
  const gap = (c: number) => {
    const cost = integrate(t => (likelihoodWeighting(process, t) * (c - 1) ** 2) / variance(t), 0, 1) / 2;
    return { left: divergence(v, model(c)), right: cost + divergence(variance(1), 1) };
  };
  for (const c of [0.5, 0.8, 0.99, 1.01, 1.2, 2]) {
    const { left, right } = gap(c);
    assert.ok(left > 0 && left < right, `scale ${c}: ${left} < ${right}`);
  }
  // With the true score only the prior's error is left, and the reverse process forgets nearly all of it.
  const { left, right } = gap(1);
  assert.ok(left <= right && right < 1e-9, `${left} ${right}`);
});
