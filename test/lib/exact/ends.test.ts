import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { solveOde, transportFlow } from '../../../lib/adaptive/index.js';
import {
  bridgeCross,
  condition,
  density,
  exactTransport,
  gaussian,
  gaussianEnds,
  independentEnds,
  lawBetween,
  type Mixture,
  mixture,
  momentsOf,
  passing,
  score,
} from '../../../lib/exact/index.js';
import { derivative, type Matrix, matrixProduct, matrixVector } from '../../../lib/math/index.js';
import { gaussianFrechet } from '../../../lib/metrics/index.js';
import { circularPath, type Interpolant, interpolant, straightPath } from '../../../lib/process/index.js';
import { planeMixture } from '../../oracle.js';
import { near, take } from '../../support/tensors.js';

const other = mixture([
  { weight: 0.3, mean: [0.5, 1], covariance: [0.2, 0.4] },
  {
    weight: 0.7,
    mean: [-0.4, -0.9],
    covariance: [
      [0.3, -0.1],
      [-0.1, 0.2],
    ],
  },
]);
const first = gaussian(
  [0.3, -0.5],
  [
    [0.5, 0.2],
    [0.2, 0.3],
  ],
);
const last = gaussian(
  [-1, 0.8],
  [
    [0.4, -0.3],
    [-0.3, 0.9],
  ],
);
const smooth = interpolant({ alpha: t => 1 - t, sigma: t => t * t, gamma: t => 0.6 * Math.sin(Math.PI * t) ** 2 });
const points = [
  [0.2, -0.7],
  [-1, 0.5],
  [0.9, 0.8],
];

const cases: Record<string, [Mixture, Interpolant]> = {
  'independent mixtures on a straight path': [independentEnds(planeMixture, other), straightPath()],
  'independent mixtures with latent noise': [independentEnds(planeMixture, other), smooth],
  'a coupled mixture on a circular path': [
    mixture([
      {
        weight: 2,
        mean: [0, 0.3, 1, -1],
        covariance: [
          [0.5, 0.1, 0.2, 0],
          [0.1, 0.4, 0, 0.1],
          [0.2, 0, 0.6, 0.1],
          [0, 0.1, 0.1, 0.3],
        ],
      },
      { weight: 1, mean: [-0.6, 0, 0.2, 1], covariance: [0.3, 0.2, 0.4, 0.1] },
    ]),
    circularPath(),
  ],
  'the bridge of two Gaussians': [gaussianEnds(first, last, bridgeCross(first, last, 0.8)), straightPath(0.8)],
};

for (const [name, [ends, path]] of Object.entries(cases)) {
  test(`flow and score are what is expected of the ends and of the noise, given x_t: ${name}`, () => {
    const transport = exactTransport(ends, path);
    for (const t of [0.25, 0.6]) {
      const [a, s, g] = [path.alpha(t), path.sigma(t), path.gamma(t)];
      const expected = points.map(x => {
        // By Bayes on the ends themselves: x_t is a measurement of them, with noise γ.
        const { mean } = momentsOf(
          condition(ends, {
            matrix: [
              [a, 0, s, 0],
              [0, a, 0, s],
            ],
            value: x,
            sigma: g,
          }),
        );
        return x.map((v, i) => {
          const latent = g === 0 ? 0 : (v - a * mean[i]! - s * mean[i + 2]!) / g;
          return (
            path.alphaRate(t) * mean[i]! + path.sigmaRate(t) * mean[i + 2]! + (g && path.gammaGrowth(t) / g) * latent
          );
        });
      });
      near(take(transport.velocity(tensor2d(points), t)), expected.flat(), 2e-5);
      const law = lawBetween(ends, path, t);
      near(
        take(transport.score(tensor2d(points), t)),
        points.flatMap(x => score(law, x)),
        2e-5,
      );
    }
    const rows = tensor1d([0.25, 0.6, 0.6]);
    const each = points.map((x, i) => take(transport.velocity(tensor2d([x]), [0.25, 0.6, 0.6][i]!)));
    near(take(transport.velocity(tensor2d(points), rows)), each.flat(), 2e-5);
  });
}

test('the flow obeys the continuity equation on the line', () => {
  const ends = independentEnds(
    mixture([
      { weight: 0.4, mean: [-1], covariance: 0.1 },
      { weight: 0.6, mean: [0.8], covariance: 0.2 },
    ]),
    gaussian([0.3], 0.5),
  );
  const path = interpolant({ alpha: t => 1 - t, sigma: t => t, gamma: t => 0.5 * Math.sin(Math.PI * t) ** 2 });
  const p = (x: number, t: number) => density(lawBetween(ends, path, t), [x]);
  /** b p = Σ w N (rate + gain (x − mean)), component by component. */
  const current = (x: number, t: number) =>
    passing(ends, path, t).reduce((sum, { weight, mean, covariance, rate, gain }) => {
      const there = density(gaussian(mean, covariance), [x]);
      return sum + weight * there * (rate[0]! + gain[0]![0]! * (x - mean[0]!));
    }, 0);
  for (const t of [0.3, 0.7]) {
    for (const x of [-1, 0.1, 0.9]) {
      const residual = derivative(u => p(x, u), 1)(t) + derivative(v => current(x - 0.25 + v, t), 0.5)(0.25);
      assert.ok(Math.abs(residual) < 1e-8, `${residual}`);
    }
  }
});

const covariance = (model: Mixture) => momentsOf(model).covariance;

test('the bridge solves C² + noise² C = A B, and without noise its cost is the Wasserstein distance', () => {
  for (const noise of [0, 0.3, 1.5]) {
    const c = bridgeCross(first, last, noise);
    const square = matrixProduct(c, c).map((row, i) => row.map((v, j) => v + noise ** 2 * c[i]![j]!));
    near(square.flat(), matrixProduct(covariance(first), covariance(last)).flat(), 1e-12);
  }
  const c = bridgeCross(first, last);
  const [a, b] = [momentsOf(first), momentsOf(last)];
  const cost = [0, 1].reduce(
    (sum, i) => sum + (a.mean[i]! - b.mean[i]!) ** 2 + a.covariance[i]![i]! + b.covariance[i]![i]! - 2 * c[i]![i]!,
    0,
  );
  assert.ok(Math.abs(cost - gaussianFrechet(a, b)) < 1e-12, `${cost}`);
});

/** Cov(x_0, x_1) of the SDE with drift b + ½h² s: of Gaussians dΦ/dt = (gain − ½h² Cov⁻¹) Φ from Φ = 1, and A Φᵀ. */
const crossOfSde = (ends: Mixture, path: Interpolant, h: number): number[][] => {
  const steps = 4000;
  const slope = (phi: Matrix, t: number): number[][] => {
    const [{ gain, covariance: c }] = passing(ends, path, t) as [ReturnType<typeof passing>[0]];
    const [[p, q], [r, s]] = c as [[number, number], [number, number]];
    const half = (h * h) / 2 / (p * s - q * r);
    const matrix = [
      [gain[0]![0]! - half * s, gain[0]![1]! + half * q],
      [gain[1]![0]! + half * r, gain[1]![1]! - half * p],
    ];
    return matrixProduct(matrix, phi);
  };
  const moved = (phi: Matrix, by: Matrix, w: number) => phi.map((row, i) => row.map((v, j) => v + w * by[i]![j]!));
  let phi: number[][] = [
    [1, 0],
    [0, 1],
  ];
  for (let n = 0; n < steps; n++) {
    const [t, dt] = [n / steps, 1 / steps];
    const k1 = slope(phi, t);
    const k2 = slope(moved(phi, k1, dt / 2), t + dt / 2);
    const k3 = slope(moved(phi, k2, dt / 2), t + dt / 2);
    const k4 = slope(moved(phi, k3, dt), t + dt);
    phi = [k1, k2, k2, k3, k3, k4].reduce((sum, k) => moved(sum, k, dt / 6), phi);
  }
  return covariance(first).map(row => matrixVector(phi, row));
};

test('the SDE of the bridge couples its ends as the bridge does; of other couplings it does not', () => {
  const h = 0.8;
  const cross = bridgeCross(first, last, h);
  near(crossOfSde(gaussianEnds(first, last, cross), straightPath(h), h).flat(), cross.flat(), 1e-8);
  const apart = crossOfSde(independentEnds(first, last), straightPath(h), h);
  assert.ok(apart.flat().some(v => Math.abs(v) > 0.1));
});

test('the flow of optimally coupled Gaussians is the straight map between them', () => {
  const cross = bridgeCross(first, last);
  const transport = exactTransport(gaussianEnds(first, last, cross), straightPath());
  const { parts } = solveOde(transportFlow(transport), [tensor2d(points)], 0, 1, { rtol: 1e-6, atol: 1e-6 });
  const a = momentsOf(first);
  const [p, q, r] = [a.covariance[0]![0]!, a.covariance[0]![1]!, a.covariance[1]![1]!];
  const inverse = [
    [r, -q],
    [-q, p],
  ].map(row => row.map(v => v / (p * r - q * q)));
  // E[x_1 | x_0] = m_1 + crossᵀ A⁻¹ (x_0 − m_0).
  const expected = points.map(x => {
    const y = matrixVector(
      inverse,
      x.map((v, i) => v - a.mean[i]!),
    );
    return [0, 1].map(i => momentsOf(last).mean[i]! + cross[0]![i]! * y[0]! + cross[1]![i]! * y[1]!);
  });
  near(take(parts[0]!), expected.flat(), 1e-5);
});

test('ends of different size and mixtures for Gaussians are refused', () => {
  assert.throws(() => independentEnds(first, gaussian([0], 1)), /shape of the second end/);
  assert.throws(() => bridgeCross(planeMixture, first), /number of components is 3: give Gaussians/);
});
