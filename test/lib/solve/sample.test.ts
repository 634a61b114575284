import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exactScore } from '../../../lib/exact/index.js';
import { prior, vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { ddim, eulerMaruyama, langevin, reverseDiffusion } from '../../../lib/samplers/index.js';
import {
  compose,
  corrector,
  denoise,
  last,
  predictor,
  quadraticTimes,
  type Step,
  sample,
  solve,
  uniformTimes,
} from '../../../lib/solve/index.js';
import { planeMixture } from '../../oracle.js';
import { leavesNothing, take } from '../../support/tensors.js';

const process = vp();
const score = exactScore(planeMixture, process);

/** The same run from the parts, and the time where it ends. */
const byHand = (step: Step, times: readonly number[]) => {
  const rng = philox(7);
  return last(solve(step, prior(process, [20, 2], rng), times, rng));
};

test('sample is the run of its parts, bit for bit: prior, Euler–Maruyama, Tweedie at the end', () => {
  const times = uniformTimes(30, 1, 1e-3);
  const end = byHand(predictor(process, score, eulerMaruyama()), times);
  const got = sample(process, score, [20, 2], philox(7), { steps: 30 });
  assert.deepEqual(take(got), take(denoise(process, score, end, 1e-3)));
});

test('it takes a sampler, a corrector, times of its own, and leaves out Tweedie', () => {
  const times = quadraticTimes(12, 1, 0.05);
  const step = compose(corrector(process, score, langevin(0.16)), predictor(process, score, reverseDiffusion()));
  const options = { sampler: reverseDiffusion(), corrector: langevin(0.16), times, denoised: false };
  assert.deepEqual(take(sample(process, score, [20, 2], philox(7), options)), take(byHand(step, times)));
});

test('it leaves nothing but its samples, also when it fails', () => {
  leavesNothing(() => sample(process, score, [20, 2], philox(7), { sampler: ddim(), steps: 5 }).dispose());
  leavesNothing(() => {
    const broken = () => {
      throw new RangeError('no score');
    };
    assert.throws(() => sample(process, broken, [20, 2], philox(7), { steps: 5 }), /no score/);
  });
});
