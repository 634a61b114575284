import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, div, exp, log, mul, neg, sub, type Tensor, tensor, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { forward, ito, itoMatrix, reverseIto } from '../../../lib/process/ito.js';
import { forwardFamily, type NoiseLevel, reverse } from '../../../lib/process/reverse.js';
import { vp } from '../../../lib/process/vp.js';
import { philox } from '../../../lib/rng/rng.js';
import type { ItoProcess, Score } from '../../../lib/types.js';
import { processes } from '../../support/processes.js';

const values = (x: Tensor): number[] => {
  const out = Array.from(x.dataSync());
  x.dispose();
  return out;
};
const near = (x: Tensor, expected: number[], tolerance = 1e-5) =>
  values(x).forEach((v, i) => {
    assert.ok(Math.abs(v - expected[i]!) <= tolerance * (1 + Math.abs(expected[i]!)), `${v}, not ${expected[i]}`);
  });

const minus: Score = x => neg(x);

test('the reverse family has drift f x − ½(g² + h²) s and noise h, its forward twin −½(g² − h²)', () => {
  const process = vp();
  const [t, x] = [0.4, tensor([[0.5, -2]])];
  const [f, g] = [process.f(t), process.g(t)];
  for (const scale of [0, 0.5, 1, 2]) {
    const h: NoiseLevel = (p, s) => scale * p.g(s);
    const expected = (sign: number) => [0.5, -2].map(v => f * v + ((g * g + sign * h(process, t) ** 2) / 2) * v);
    near(reverse(process, minus, h).drift(x, t), expected(1));
    near(forwardFamily(process, minus, h).drift(x, t), expected(-1));
    near(reverse(process, minus, h).diffuse(x, t, tensor([[3, 4]])), [3 * h(process, t), 4 * h(process, t)]);
  }
  near(
    reverse(process, minus).drift(x, t),
    [0.5, -2].map(v => f * v + g * g * v),
  );
});

test('a matrix of functions multiplies each row, and a constant matrix all of them', () => {
  const dw = tensor2d([
    [1, 2],
    [3, -1],
  ]);
  const drift = (x: Tensor) => x;
  const own = itoMatrix(1, drift, () =>
    tensor(
      [
        [
          [1, 2],
          [0, 1],
        ],
        [
          [0, 1],
          [-1, 0],
        ],
      ],
      [2, 2, 2],
    ),
  );
  near(own.diffuse(dw, 0, dw), [1 + 4, 2, -1, -3]);
  const one = itoMatrix(1, drift, () =>
    tensor2d([
      [1, 2],
      [0, 1],
    ]),
  );
  near(one.diffuse(dw, 0, dw), [5, 2, 1, -1]);
  const wrong = itoMatrix(1, drift, () => tensor2d([[1, 2, 3]]));
  assert.throws(() => wrong.diffuse(dw, 0, dw), /the shape of G\(x, t\) is \[1, 3\].*\[2, 2\]/);
});

/** Geometric Brownian motion dx = μ x dt + ν x dw from ln x_0 ~ N(0, v0): ln x_t ~ N(m, v). */
const [mu, nu, v0] = [0.3, 0.5, 0.2];
const moments = (t: number) => ({ m: (mu - nu ** 2 / 2) * t, v: v0 + nu ** 2 * t });
const gbm = ito(
  1,
  x => mul(mu, x),
  x => mul(nu, x),
);
const gbmScore: Score = (x, t) => {
  const { m, v } = moments(t as number);
  return neg(div(add(1, div(sub(log(x), m), v)), x));
};
const covariance = {
  apply: (x: Tensor, _t: number, v: Tensor) => mul(mul(nu ** 2, mul(x, x)), v),
  divergence: (x: Tensor) => mul(2 * nu ** 2, x),
};

test('the general probability flow of geometric Brownian motion follows its quantiles, which needs ∇·D', () => {
  const t = 0.7;
  const { m, v } = moments(t);
  const z = [-1.5, -0.2, 0, 1.1];
  const x = tensor(z.map(u => Math.exp(m + Math.sqrt(v) * u)));
  // x = exp(m + √v z) at fixed z: dx/dt = x (m′ + z v′/(2√v)).
  const slope = z.map(u => Math.exp(m + Math.sqrt(v) * u) * (mu - nu ** 2 / 2 + (u * nu ** 2) / (2 * Math.sqrt(v))));
  near(reverseIto(gbm, covariance, gbmScore, 0).drift(x, t), slope);
  const without = { ...covariance, divergence: (y: Tensor) => mul(0, y) };
  const drift = values(reverseIto(gbm, without, gbmScore, 0).drift(x, t));
  assert.ok(
    drift.every((d, i) => Math.abs(d - slope[i]!) > 0.01),
    'without ∇·D the drift is another',
  );
});

test('for a Gaussian process the general reverse is the special one', () => {
  const process = vp();
  const x = tensor([[0.3, -1]]);
  const D = {
    apply: (_: Tensor, t: number, v: Tensor) => mul(process.g(t) ** 2, v),
    divergence: (y: Tensor) => mul(0, y),
  };
  for (const lambda of [0, 0.5, 1, 2]) {
    const general = reverseIto(forward(process), D, minus, lambda);
    const special = reverse(process, minus, (p, t) => lambda * p.g(t));
    near(general.drift(x, 0.6), values(special.drift(x, 0.6)));
    near(general.diffuse(x, 0.6, x), values(special.diffuse(x, 0.6, x)));
  }
});

/** Euler–Maruyama on evenly spaced times. */
const simulate = (process: ItoProcess, x0: Tensor, from: number, to: number, steps: number): Tensor => {
  const rng = philox(11);
  const dt = (to - from) / steps;
  let x = x0;
  for (let i = 0; i < steps; i++) {
    const next = tidy(() => {
      const t = from + i * dt;
      const dw = mul(Math.sqrt(Math.abs(dt)), rng.normal(x.shape));
      return add(x, add(mul(dt, process.drift(x, t)), process.diffuse(x, t, dw)));
    });
    x.dispose();
    x = next;
  }
  return x;
};

const meanAndVariance = (list: number[]) => {
  const mean = list.reduce((a, b) => a + b, 0) / list.length;
  return { mean, variance: list.reduce((a, b) => a + (b - mean) ** 2, 0) / list.length };
};

const n = 20_000;
for (const name of ['vp', 'subVp', 've'] as const) {
  test(`${name}: simulated paths have the moments of Euler–Maruyama's recursion, and it those of the kernel`, () => {
    const process = processes[name]!;
    const [t, x0, steps] = [0.5, 2, 200];
    const start = tensor(new Float32Array(n).fill(x0));
    const { mean, variance } = meanAndVariance(values(simulate(forward(process), start, 0, t, steps)));
    let [m, v] = [x0, 0];
    for (let i = 0; i < steps; i++) {
      const [dt, s] = [t / steps, (i * t) / steps];
      m += process.f(s) * m * dt;
      v = (1 + process.f(s) * dt) ** 2 * v + process.g(s) ** 2 * dt;
    }
    assert.ok(Math.abs(mean - m) < 5 * Math.sqrt(v / n), `mean ${mean}, not ${m}`);
    assert.ok(Math.abs(variance / v - 1) < 5 * Math.sqrt(2 / n), `variance ${variance}, not ${v}`);
    assert.ok(Math.abs(m - process.alpha(t) * x0) < 5 / steps && Math.abs(v / process.sigma(t) ** 2 - 1) < 5 / steps);
  });
}

test('the general reverse carries geometric Brownian motion back to its start, for λ = 0, 1 and 1.5', () => {
  const { m, v } = moments(1);
  for (const lambda of [0, 1, 1.5]) {
    const end = tidy(() => {
      const z = philox(3).normal([n]);
      return exp(add(m, mul(Math.sqrt(v), z)));
    });
    const back = values(simulate(reverseIto(gbm, covariance, gbmScore, lambda), end, 1, 0, 200)).map(Math.log);
    const { mean, variance } = meanAndVariance(back);
    assert.ok(Math.abs(mean) < 5 * Math.sqrt(v0 / n) + 0.005, `mean ${mean}`);
    assert.ok(Math.abs(variance / v0 - 1) < 5 * Math.sqrt(2 / n) + 0.02, `variance ${variance}`);
  }
});
