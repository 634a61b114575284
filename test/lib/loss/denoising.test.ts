import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fill, memory, mul, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { denoisingLoss, denoisingRows, uploadRows } from '../../../lib/loss/denoising.js';
import { importanceDistribution } from '../../../lib/loss/times.js';
import {
  edmWeighting,
  likelihoodWeighting,
  minSnrWeighting,
  uniformWeighting,
  varianceWeighting,
} from '../../../lib/loss/weighting.js';
import { normalQuantile } from '../../../lib/math/normal.js';
import { snr } from '../../../lib/process/gaussian.js';
import { rectifiedFlow, subVp, vp } from '../../../lib/process/vp.js';
import { precondition, predictNoise, scoreCoefficients } from '../../../lib/score/prediction.js';
import { predictions } from '../../support/predictions.js';
import { processes, relative } from '../../support/processes.js';

const read = (loss: () => Tensor): number => {
  const value = tidy(loss);
  const [number] = value.dataSync();
  value.dispose();
  return number!;
};

test('whatever is predicted, the loss is the mean of λ (s_θ − ∇log p(x_t | x_0))²', () => {
  const times = [0.1, 0.4, 0.8];
  const [x0, epsilon] = [
    [0.3, -1, 1.5, 0.2, 0, -0.4],
    [1, -0.5, 0.3, 2, -1, 0.1],
  ];
  for (const process of [vp(), subVp(), rectifiedFlow(), processes.edm!]) {
    for (const weighting of [
      varianceWeighting,
      likelihoodWeighting,
      uniformWeighting,
      minSnrWeighting(),
      edmWeighting(),
    ]) {
      for (const prediction of Object.values(predictions).map(make => make(process))) {
        const F = 0.37; // the network's output everywhere
        let expected = 0;
        x0.forEach((data, i) => {
          const t = times[Math.floor(i / 2)]!;
          const x = process.alpha(t) * data + process.sigma(t) * epsilon[i]!;
          const c = scoreCoefficients(process, prediction, t);
          const target = -epsilon[i]! / process.sigma(t);
          expected += (weighting(process, t) * (c.state * x + c.output * F - target) ** 2) / x0.length;
        });
        const loss = read(() => {
          const rows = uploadRows(denoisingRows(process, prediction, weighting, times));
          return denoisingLoss(x => fill(x.shape, F), tensor(x0, [3, 2]), tensor(epsilon, [3, 2]), rows);
        });
        assert.ok(relative(loss, expected) < 2e-5, `${loss}, not ${expected}`);
      }
    }
  }
});

test('ε-prediction with λ = σ² and EDM’s form with EDM’s weighting have weight 1 on the network’s error', () => {
  const times = [1e-3, 0.1, 0.5, 0.99];
  for (const process of [vp(), processes.edm!]) {
    const noise = denoisingRows(process, predictNoise(), varianceWeighting, times);
    const edm = denoisingRows(process, precondition(process, 0.7), edmWeighting(0.7), times);
    for (const { weight } of [noise, edm]) assert.ok(weight.every(w => Math.abs(w - 1) < 1e-6));
    const clipped = denoisingRows(process, predictNoise(), minSnrWeighting(5), times);
    times.forEach((t, i) => {
      assert.ok(relative(clipped.weight[i]!, Math.min(1, 5 / snr(process, t))) < 1e-6);
    });
  }
});

test('weights are divided by the density of the times, so that the expectation stays', () => {
  const process = vp();
  const law = importanceDistribution(process, 1e-5, 1);
  const times = [1e-4, 0.01, 0.5];
  const plain = denoisingRows(process, predictNoise(), likelihoodWeighting, times);
  const drawn = denoisingRows(process, predictNoise(), likelihoodWeighting, times, law);
  times.forEach((t, i) => {
    assert.ok(relative(drawn.weight[i]! * law.density(t), plain.weight[i]!) < 1e-6);
    assert.ok(relative(drawn.weight[i]!, 23.86447) < 1e-4); // g²-weighting becomes a constant
  });
});

/** All pairs of n equally likely values of data N(0, v) and of noise: a grid in place of chance. */
const grid = (n: number, v: number) => {
  const z = Array.from({ length: n }, (_, i) => normalQuantile((i + 0.5) / n));
  const pairs = z.flatMap(a => z.map(b => [a * Math.sqrt(v), b] as const));
  return {
    x0: tensor(
      pairs.map(p => p[0]),
      [n * n, 1],
    ),
    epsilon: tensor(
      pairs.map(p => p[1]),
      [n * n, 1],
    ),
  };
};

test('the loss of the exact score of N(0, v) with λ = σ² is α²v/(α²v + σ²), and any other score has more', () => {
  const [v, n] = [0.25, 200];
  const { x0, epsilon } = grid(n, v);
  for (const process of [vp(), subVp(), processes.ve!, rectifiedFlow()]) {
    for (const t of [0.05, 0.3, 0.7]) {
      const [a, s] = [process.alpha(t) ** 2 * v, process.sigma(t) ** 2];
      const loss = (scale: number) =>
        read(() => {
          const times = new Float64Array(n * n).fill(t);
          const rows = uploadRows(denoisingRows(process, predictNoise(), varianceWeighting, times));
          return denoisingLoss(x => mul(x, (scale * process.sigma(t)) / (a + s)), x0, epsilon, rows);
        });
      const floor = a / (a + s);
      // A grid of quantiles cuts the tails: its variance is short by about 1 % at n = 200.
      assert.ok(Math.abs(loss(1) - floor) < 0.015 * floor, `${loss(1)}, not ${floor}`);
      assert.ok(loss(1.2) > loss(1) && loss(0.8) > loss(1));
    }
  }
  for (const each of [x0, epsilon]) each.dispose();
});

test('shapes that do not fit are named, and nothing is left behind', () => {
  const before = memory().numTensors;
  const [x0, epsilon] = [tensor([[1], [2]]), tensor([[1, 2]])];
  const rows = uploadRows(denoisingRows(vp(), predictNoise(), varianceWeighting, [0.1, 0.2]));
  assert.throws(() => denoisingLoss(x => x, x0, epsilon, rows), /the shape of the noise is \[1, 2\]: \[2, 1\]/);
  denoisingLoss(x => x, x0, x0, rows).dispose();
  for (const each of [x0, epsilon, ...Object.values(rows)]) each.dispose();
  assert.equal(memory().numTensors, before);
  assert.throws(() => denoisingRows(vp(), predictNoise(), varianceWeighting, [2]), /t is 2/);
  assert.throws(
    () => denoisingRows(vp(), predictNoise(), varianceWeighting, [0]),
    /t is 0: sigma is 0 and alpha 1 there/,
  );
  const infinite = () => Number.POSITIVE_INFINITY;
  assert.throws(() => denoisingRows(vp(), predictNoise(), infinite, [0.5]), /row at t = 0\.5 is Infinity/);
});
