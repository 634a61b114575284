import assert from 'node:assert/strict';
import { test } from 'node:test';
import { derivative } from '../../../lib/math/index.js';
import { circularPath, type Interpolant, interpolant, pathOf, straightPath } from '../../../lib/process/index.js';
import { predictFlow } from '../../../lib/score/index.js';
import { processes } from '../../support/processes.js';

const own = interpolant({
  alpha: t => (2 - t) ** 2 / 4,
  sigma: t => (t / 2) ** 1.5,
  gamma: t => Math.sin((Math.PI * t) / 2) ** 2,
  T: 2,
});
const paths: Record<string, Interpolant> = {
  straight: straightPath(),
  'with noise': straightPath(0.7),
  circular: circularPath(),
  own,
};

for (const [name, path] of Object.entries(paths)) {
  test(`a path goes from x_0 to x_1, and its rates are its slopes: ${name}`, () => {
    for (const [t, values] of [
      [0, [1, 0, 0]],
      [path.T, [0, 1, 0]],
    ] as const) {
      for (const [k, v] of [path.alpha(t), path.sigma(t), path.gamma(t)].entries()) {
        assert.ok(Math.abs(v - values[k]!) < 1e-15, `${t}: ${v}`);
      }
    }
    for (const part of [0.2, 0.5, 0.83]) {
      const t = part * path.T;
      const slopes: [number, number][] = [
        [path.alphaRate(t), derivative(path.alpha, path.T)(t)],
        [path.sigmaRate(t), derivative(path.sigma, path.T)(t)],
        [path.gammaGrowth(t), path.gamma(t) * derivative(path.gamma, path.T)(t)],
      ];
      for (const [rate, slope] of slopes) assert.ok(Math.abs(rate - slope) < 1e-8, `${rate}, not ${slope}`);
    }
  });
}

test('the path of a process has the velocity that predictFlow asks for', () => {
  for (const [name, process] of Object.entries(processes)) {
    const path = pathOf(process);
    for (const t of [0.1, 0.6, 0.9].map(part => part * process.T)) {
      const { data, noise } = predictFlow(process).target(t);
      assert.ok(Math.abs(path.alphaRate(t) - data) <= 1e-12 * Math.abs(data), name);
      assert.ok(Math.abs(path.sigmaRate(t) - noise) <= 1e-12 * Math.abs(noise), name);
    }
  }
});

test('a path refuses times beyond its ends, and poles', () => {
  assert.throws(() => straightPath().alpha(1.1), /t is 1.1: it has to lie in \[0, 1\]; the path ends there/);
  const steep = interpolant({ alpha: t => 1 - t, sigma: t => t, alphaRate: t => -1 / (1 - t) });
  assert.throws(() => steep.alphaRate(1), /alphaRate\(1\) is -Infinity/);
});
