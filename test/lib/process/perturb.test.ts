import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory, tensor, zeros } from '@tensorflow/tfjs-core';
import { perturb, prior, priorDeviation } from '../../../lib/process/perturb.js';
import { ve } from '../../../lib/process/ve.js';
import { vp } from '../../../lib/process/vp.js';
import { philox } from '../../../lib/rng/rng.js';
import { processes, relative } from '../../support/processes.js';

test('the prior has the variance α² v + σ² at T: 1 for VP with unit data, σ_max² for VE with data of σ_min²', () => {
  assert.ok(relative(priorDeviation(vp()), 1) < 1e-15);
  assert.ok(relative(priorDeviation(ve(), 1e-4), 50) < 1e-12);
  for (const process of Object.values(processes)) {
    assert.ok(relative(priorDeviation(process, 0), process.sigma(process.T)) < 1e-15);
  }
  const x = prior(ve(), [4, 3, 2], philox(9));
  const z = philox(9).normals(24);
  assert.deepEqual(x.shape, [4, 3, 2]);
  const expected = priorDeviation(ve());
  x.dataSync().forEach((v, i) => {
    assert.ok(relative(v, z[i]! * expected) < 1e-6);
  });
  x.dispose();
});

test('each row of any rank is perturbed at its own time', () => {
  const process = vp();
  const t = [0, 0.3, 1];
  for (const event of [[], [2], [2, 2, 1]]) {
    const size = event.reduce((a, b) => a * b, 1);
    const x0 = Array.from({ length: 3 * size }, (_, i) => i - 2);
    const noise = Array.from({ length: 3 * size }, (_, i) => 1 / (i + 1));
    const before = memory().numTensors;
    const [a, b] = [tensor(x0, [3, ...event]), tensor(noise, [3, ...event])];
    const x = perturb(process, a, t, b);
    assert.deepEqual(x.shape, [3, ...event]);
    x.dataSync().forEach((v, i) => {
      const time = t[Math.floor(i / size)]!;
      const expected = process.alpha(time) * x0[i]! + process.sigma(time) * noise[i]!;
      assert.ok(Math.abs(v - expected) < 1e-6 * (1 + Math.abs(expected)));
    });
    for (const each of [x, a, b]) each.dispose();
    assert.equal(memory().numTensors, before);
  }
});

test('times, rows and shapes that do not fit are named', () => {
  const [x, noise] = [zeros([2, 3]), zeros([2, 3])];
  assert.throws(() => perturb(vp(), x, [0.5, 1.5], noise), /t\[1\] is 1\.5: it has to lie in \[0, 1\]/);
  assert.throws(() => perturb(vp(), x, [0.5], noise), /the shape of the per-row scalars is \[1\]: \[2\] is expected/);
  assert.throws(() => perturb(vp(), x, [0.5, 0.1], zeros([3, 2])), /the shape of noise is \[3, 2\]/);
});
