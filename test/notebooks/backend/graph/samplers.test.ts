import { equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { probabilityFlow, solveOde } from '../../../../lib/adaptive/index.js';
import {
  classifierFreeGuidance,
  dps,
  masked,
  pseudoinverseGuidance,
  replacement,
} from '../../../../lib/control/index.js';
import { decode, encode } from '../../../../lib/likelihood/index.js';
import { reverse, vp } from '../../../../lib/process/index.js';
import { philox } from '../../../../lib/rng/rng.js';
import { ancestral, ddim, eulerMaruyama, langevin, reverseDiffusion } from '../../../../lib/samplers/index.js';
import { scoreFrom } from '../../../../lib/score/index.js';
import {
  arrived,
  compose,
  corrector,
  denoise,
  eulerMaruyamaIto,
  last,
  predictor,
  repeat,
  type Step,
  solve,
  uniformTimes,
} from '../../../../lib/solve/index.js';
import type { Score } from '../../../../lib/types.js';
import { compile } from '../../../../notebooks/backend/graph/index.js';
import { gap, moved } from '../../../support/networks.js';
import { samplers } from '../../../support/samplers.js';
import { compiledMode, skip } from './native.js';

const process = vp();
const mask = masked([1, 0], [2]);
const seen = tf.tensor2d([[0.5, 0]]);

/** The other steps: what depends on the state in ways of its own, and control. */
const steps: Record<string, (score: Score) => Step> = {
  'predictor–corrector': s =>
    compose(predictor(process, s, reverseDiffusion()), arrived(corrector(process, s, langevin(0.16)))),
  'corrector alone': s => repeat(2, corrector(process, s, langevin(0.16))),
  "Anderson's reverse SDE as an Itô process": s => eulerMaruyamaIto(reverse(process, s)),
  'replacement of what is seen': s =>
    compose(predictor(process, s, ancestral()), arrived(replacement(process, mask, seen))),
  'guidance by an observation, through the gradient of the network': s =>
    predictor(process, dps(process, s, mask, seen, 0.5), eulerMaruyama()),
  'pseudoinverse guidance': s => predictor(process, pseudoinverseGuidance(process, s, mask, seen, 0.1), ddim()),
};

const rows = 16;
const times = uniformTimes(5, 1, 0.05);

const walk = (step: Step): ArrayLike<number> => {
  const rng = philox(5);
  return last(solve(step, rng.normal([rows, 2]), times, rng)).dataSync();
};

/** Solvers with loops of their own. */
const solvers: Record<string, (score: Score, x: tf.Tensor) => tf.Tensor> = {
  'the adaptive flow': (s, x) =>
    solveOde(probabilityFlow(process, s), [x], 1, 0.05, { rtol: 1e-3, atol: 1e-3 }).parts[0]!,
  'the last denoising step': (s, x) => denoise(process, s, x, 0.05),
  'to the latent and back': (s, x) => {
    const options = { rtol: 1e-3, atol: 1e-3 };
    return decode(process, s, encode(process, s, x, options), options);
  },
};

const runs: Record<string, (score: Score) => ArrayLike<number>> = Object.fromEntries([
  ...samplers.map(({ name, sampler }) => [name, (s: Score) => walk(predictor(process, s, sampler))]),
  ...Object.entries(steps).map(([name, step]) => [name, (s: Score) => walk(step(s))]),
  ...Object.entries(solvers).map(([name, run]) => [name, (s: Score) => run(s, philox(5).normal([rows, 2])).dataSync()]),
]);

const network = moved('MLP');
const compiled = compile((x: tf.Tensor, label: tf.Tensor1D) => network.apply(x, label));
const eager = scoreFrom(process, (x, label) => network.apply(x, label));
const fast = scoreFrom(process, compiled);

for (const [name, run] of Object.entries(runs)) {
  test(`${name}, with a compiled network, is that with the network itself`, { skip }, () => {
    const difference = gap(run(eager), run(fast));
    ok(difference < 2e-5, `${difference}`);
  });
}

test('guidance without a classifier asks two compiled networks', { skip }, () => {
  const conditional = moved('MLP with classes');
  const asking = (of: number) => (x: tf.Tensor, label: tf.Tensor1D) =>
    conditional.apply(x, label, { classes: tf.fill([x.shape[0]!], of, 'int32') as tf.Tensor1D });
  const guided = (wrap: <F extends ReturnType<typeof asking>>(fn: F) => ReturnType<typeof asking>) => {
    const [one, none] = [1, 3].map(of => scoreFrom(process, wrap(asking(of))));
    return walk(predictor(process, classifierFreeGuidance(one!, none!, 2), ddim()));
  };
  const difference = gap(
    guided(fn => fn),
    guided(fn => compile(fn)),
  );
  ok(difference < 2e-5, `${difference}`);
  conditional.dispose();
});

test('one program served every sampler', { skip }, () => {
  const [only, ...others] = compiled.specialisations();
  equal(only?.mode, compiledMode(true));
  equal(others.length, 0);
  compiled.dispose();
  network.dispose();
});
