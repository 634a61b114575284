import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory, mul, type Tensor, type Tensor1D, tensor, tensor1d, tidy } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { integrate } from '../../../lib/math/quadrature.js';
import { varsigma } from '../../../lib/process/gaussian.js';
import { rectifiedFlow, vp } from '../../../lib/process/vp.js';
import {
  combine,
  type Prediction,
  precondition,
  predictFlow,
  predictScore,
  predictVelocity,
  stepLabel,
} from '../../../lib/score/prediction.js';
import { denoised, scoreFrom, toPrediction } from '../../../lib/score/score.js';
import type { GaussianProcess, Score } from '../../../lib/types.js';
import { predictions } from '../../support/predictions.js';
import { processes, timeAt } from '../../support/processes.js';

/** A network that takes the state and the time as they are, with this target. */
const asField = (prediction: Prediction): Prediction => ({ ...prediction, input: () => 1, label: t => t });

/** The exact score of data N(m, v). */
const gaussianScore =
  (process: GaussianProcess, m: number, v: number): Score =>
  (x, t) =>
    tidy(() => {
      const times = typeof t === 'number' ? Array.from({ length: x.shape[0]! }, () => t) : Array.from(t.dataSync());
      const size = x.size / times.length;
      const values = Array.from(x.dataSync(), (value, i) => {
        const [a, s] = [process.alpha(times[Math.floor(i / size)]!), process.sigma(times[Math.floor(i / size)]!)];
        return -(value - a * m) / (a * a * v + s * s);
      });
      return tensor(values, x.shape);
    });

const values = (x: Tensor): number[] => {
  const out = Array.from(x.dataSync());
  x.dispose();
  return out;
};

const near = (a: number[], b: number[], tolerance: number, what: string) =>
  a.forEach((v, i) => {
    const error = Math.abs(v - b[i]!);
    assert.ok(error <= tolerance * Math.max(1, Math.abs(b[i]!)), `${what}: ${v}, not ${b[i]}`);
  });

const arbitrary = fc.record({
  name: fc.constantFrom(...Object.keys(processes)),
  kind: fc.constantFrom(...Object.keys(predictions)),
  u: fc.double({ min: 0.4, max: 0.99, noNaN: true }),
  data: fc.double({ min: -2, max: 2, noNaN: true }),
  noise: fc.double({ min: -3, max: 3, noNaN: true }),
});

test('every prediction, in float64, gives back the x_0 and ε that x_t and the target were made of', () => {
  fc.assert(
    fc.property(arbitrary, ({ name, kind, u, data, noise }) => {
      const process = processes[name]!;
      const t = timeAt(process, u);
      const prediction = predictions[kind]!(process);
      const x = process.alpha(t) * data + process.sigma(t) * noise;
      const mix = prediction.target(t);
      const F = mix.data * data + mix.noise * noise;
      const read = (wanted: { data: number; noise: number }) => {
        const c = combine(process, prediction, t, wanted);
        return c.state * x + c.output * F;
      };
      // Reading what the prediction says little of, such as x_0 from ε where σ ≫ α, multiplies rounding by ς or 1/ς.
      const v = varsigma(process, t);
      const rounding = 1e-13 * (1 + v + 1 / v) ** 2;
      assert.ok(Math.abs(read({ data: 1, noise: 0 }) - data) < rounding);
      assert.ok(Math.abs(read({ data: 0, noise: 1 }) - noise) < rounding);
    }),
  );
});

test('score → prediction → score returns to 1e-6 where float32 can hold it, for a time and for a time per row', () => {
  fc.assert(
    fc.property(arbitrary, ({ name, kind, u }) => {
      const process = processes[name]!;
      const t = timeAt(process, u);
      const v = varsigma(process, t);
      fc.pre(v > 0.2 && v < 5); // elsewhere a conversion loses 1/ς or ς of its digits, as any would
      const prediction = predictions[kind]!(process);
      const score = gaussianScore(process, 0.3, 0.5);
      const again = scoreFrom(process, toPrediction(process, score, prediction), asField(prediction));
      const x = tensor(
        [
          [0.5, -1],
          [0.2, 2],
        ].map(row => row.map(c => c * process.sigma(t))),
      );
      for (const times of [t, tensor1d([t, t])]) {
        const expected = values(score(x, times)).map(s => s * process.sigma(t));
        near(
          values(again(x, times)).map(s => s * process.sigma(t)),
          expected,
          2e-6,
          kind,
        );
      }
    }),
    { numRuns: 60 },
  );
});

test('a network that puts out the exact expectation of its target has the exact score, whatever it predicts', () => {
  const [m, v] = [0.3, 0.5];
  for (const [name, process] of Object.entries({ vp: vp(), flow: rectifiedFlow() })) {
    for (const [kind, make] of Object.entries(predictions)) {
      const t = 0.4;
      const prediction = make(process);
      const score = gaussianScore(process, m, v);
      const apply = (scaled: Tensor, label: Tensor1D): Tensor => {
        assert.ok(Math.abs(label.dataSync()[0]! - prediction.label(t)) < 1e-6);
        return toPrediction(process, score, prediction)(mul(scaled, 1 / prediction.input(t)), t);
      };
      const x = tensor([[0.5], [-1], [2]]);
      near(values(scoreFrom(process, apply, prediction)(x, t)), values(score(x, t)), 1e-5, `${name} ${kind}`);
    }
  }
});

test('ε = −σ s, and Tweedie’s denoiser is the posterior mean of Gaussian data', () => {
  const process = vp();
  const [m, v, t] = [0.3, 0.5, 0.25];
  const [a, s] = [process.alpha(t), process.sigma(t)];
  const x = tensor([[0.5], [-1]]);
  const score = gaussianScore(process, m, v);
  const mean = (y: number) => m + ((a * v) / (a * a * v + s * s)) * (y - a * m);
  near(values(denoised(process, score)(x, t)), [mean(0.5), mean(-1)], 1e-5, 'denoised');
  near(values(toPrediction(process, score)(x, t)), values(mul(-s, score(x, t))), 1e-6, 'epsilon');
  const back = scoreFrom(process, y => toPrediction(process, score)(y, t));
  near(values(back(x, t)), values(score(x, t)), 1e-5, 'back');
});

test('for a mixture, −σ ∇log p_t is the posterior mean of the noise, and Tweedie’s line that of the data', () => {
  const parts = [
    { weight: 0.6, mean: -1, variance: 0.04 },
    { weight: 0.4, mean: 1.2, variance: 0.25 },
  ];
  const normal = (x: number, m: number, v: number) => Math.exp(-((x - m) ** 2) / (2 * v)) / Math.sqrt(2 * Math.PI * v);
  for (const process of [vp(), processes.ve!, processes.subVp!, rectifiedFlow()]) {
    for (const t of [0.2, 0.5]) {
      const [a, s] = [process.alpha(t), process.sigma(t)];
      for (const x of [-1.5 * a, 0.1, a + s]) {
        const joint = (x0: number) =>
          parts.reduce((sum, p) => sum + p.weight * normal(x0, p.mean, p.variance), 0) * normal(x, a * x0, s * s);
        const mean = (of: (x0: number) => number) =>
          integrate(x0 => of(x0) * joint(x0), -6, 6) / integrate(joint, -6, 6);
        const densities = parts.map(p => p.weight * normal(x, a * p.mean, a * a * p.variance + s * s));
        const slope = parts.map((p, i) => (-(x - a * p.mean) / (a * a * p.variance + s * s)) * densities[i]!);
        const score = slope.reduce((u, v) => u + v) / densities.reduce((u, v) => u + v);
        const read = (wanted: { data: number; noise: number }) => {
          const c = combine(process, predictScore(process), t, wanted);
          return c.state * x + c.output * score;
        };
        assert.ok(Math.abs(mean(x0 => (x - a * x0) / s) - read({ data: 0, noise: 1 })) < 1e-9);
        assert.ok(Math.abs(mean(x0 => x0) - read({ data: 1, noise: 0 })) < 1e-9);
      }
    }
  }
});

test('the velocity of the straight flow is E[ε − x_0 | x_t]', () => {
  const process = rectifiedFlow();
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 0.99, noNaN: true }), t => {
      const { data, noise } = predictFlow(process).target(t);
      assert.ok(Math.abs(data + 1) < 1e-12 && Math.abs(noise - 1) < 1e-12);
    }),
  );
});

test('the EDM form is c_skip x/α + c_out F: its denoiser is x_0, and F has unit variance', () => {
  for (const process of [processes.edm!, vp()]) {
    for (const t of [0.01, 0.3, 0.9]) {
      const [v, d] = [varsigma(process, t), 0.5];
      const { data, noise } = precondition(process, d).target(t);
      const [skip, out] = [d ** 2 / (v ** 2 + d ** 2), (v * d) / Math.hypot(v, d)];
      assert.ok(Math.abs(skip + out * data - 1) < 1e-12); // x_0: c_skip + c_out · data = 1
      assert.ok(Math.abs(skip * v + out * noise) < 1e-12); // ε cancels
      assert.ok(Math.abs((data * d) ** 2 + noise ** 2 - 1) < 1e-12);
      assert.ok(Math.abs(precondition(process, d).input(t) * process.alpha(t) * Math.hypot(v, d) - 1) < 1e-12);
    }
  }
});

test('scores leave no tensor behind', () => {
  const process = vp();
  const [x, t] = [tensor([[1], [2]]), tensor1d([0.2, 0.3])];
  const score = scoreFrom(process, y => mul(y, 2), precondition(process));
  const before = memory().numTensors;
  score(x, 0.5).dispose();
  score(x, t).dispose();
  denoised(process, score)(x, t).dispose();
  assert.equal(memory().numTensors, before);
  for (const each of [x, t]) each.dispose();
});

test('v turns data and noise by the angle of the process: x_0 = α x_t − σ v and ε = σ x_t + α v for VP', () => {
  const process = vp();
  for (const t of [0.1, 0.4, 0.9]) {
    const [alpha, sigma] = [process.alpha(t), process.sigma(t)];
    const of = (data: number, noise: number) => combine(process, predictVelocity(process), t, { data, noise });
    for (const [got, state, output] of [
      [of(1, 0), alpha, -sigma],
      [of(0, 1), sigma, alpha],
    ] as const) {
      assert.ok(Math.abs(got.state - state) < 1e-12 && Math.abs(got.output - output) < 1e-12);
    }
  }
});

test('the step label numbers a thousand levels from 0 to 999', () => {
  const labels = Array.from({ length: 1000 }, (_, i) => stepLabel(i / 999));
  for (const [i, label] of labels.entries()) assert.ok(Math.abs(label - i) < 1e-9);
});
