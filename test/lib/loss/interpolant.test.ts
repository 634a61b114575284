import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dispose, zeros } from '@tensorflow/tfjs-core';
import { exactTransport, gaussian, independentEnds, passing, sampleMixture } from '../../../lib/exact/index.js';
import { pathBatch, pathLossOf } from '../../../lib/loss/index.js';
import { integrate } from '../../../lib/math/index.js';
import { straightPath } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/index.js';
import { leavesNothing, near } from '../../support/tensors.js';

test('a batch stands on its paths, at the times of its labels', () => {
  const rng = philox(2);
  const [path, x0, x1] = [straightPath(0.5), rng.normal([6, 2]), rng.normal([6, 2])];
  const { x, label, ends, latent } = pathBatch(path, x0, x1, rng, { label: t => 999 * t });
  const [a, b, z] = [x0, x1, latent].map(v => v.dataSync());
  const times = Array.from(label.dataSync(), v => v / 999);
  assert.ok(
    times.every((t, i) => t >= i / 6 - 1e-6 && t <= (i + 1) / 6 + 1e-6),
    `${times}`,
  );
  const at = (i: number) => times[Math.floor(i / 2)]!;
  near(
    x.dataSync(),
    Array.from(a!, (v, i) => (1 - at(i)) * v + at(i) * b![i]! + path.gamma(at(i)) * z![i]!),
    1e-5,
  );
  near(
    ends.dataSync(),
    Array.from(a!, (v, i) => b![i]! - v),
    1e-6,
  );
  leavesNothing(() => dispose(pathBatch(path, x0, x1, rng)));
});

test('the exact flow has the loss E‖x_1 − x_0‖² − ∫E‖b‖² dt, less than any other', () => {
  const [p0, p1, path] = [gaussian([0.5, 0], [0.3, 0.8]), gaussian([-1, 1], [0.6, 0.2]), straightPath()];
  const ends = independentEnds(p0, p1);
  const { velocity } = exactTransport(ends, path);
  const energy = integrate(
    t => {
      const [{ rate, gain, covariance }] = passing(ends, path, t) as [ReturnType<typeof passing>[0]];
      return rate.reduce((sum, v, i) => sum + v * v + gain[i]![i]! ** 2 * covariance[i]![i]!, 0);
    },
    0,
    1,
  );
  const n = 4000;
  const rng = philox(4);
  const batch = pathBatch(path, sampleMixture(p0, n, rng), sampleMixture(p1, n, rng), rng);
  const loss = pathLossOf(velocity)(batch).dataSync()[0]!;
  const still = pathLossOf(y => zeros(y.shape))(batch).dataSync()[0]!;
  const whole = 1.5 ** 2 + 1 + 0.3 + 0.8 + 0.6 + 0.2;
  assert.ok(Math.abs(2 * still - whole) < 0.12, `${2 * still}, not ${whole}`);
  assert.ok(Math.abs(2 * loss - (whole - energy)) < 0.08, `${2 * loss}, not ${whole - energy}`);
});
