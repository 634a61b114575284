import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gaussianWasserstein, marginal, samplerLaw } from '../../../lib/exact/index.js';
import { vp } from '../../../lib/process/index.js';
import { eulerMaruyama } from '../../../lib/samplers/index.js';
import { uniformTimes } from '../../../lib/solve/index.js';
import { correlated } from '../../oracle.js';

test("samplers of Gaussian data: the recursion's law approaches the exact one, at the order of the sampler", () => {
  const process = vp();
  const distance = (n: number) =>
    gaussianWasserstein(
      samplerLaw(correlated, process, eulerMaruyama(), uniformTimes(n, 1, 0.01), { mean: 0, variance: 1 }),
      marginal(correlated, process, 0.01),
    );
  const [coarse, fine] = [distance(500), distance(1000)];
  // The part that stays is the prior's: e^{−B/2} of the mean and of the spread.
  assert.ok(fine < 0.6 * coarse && fine > 0.4 * coarse, `${coarse} → ${fine}`);
});
