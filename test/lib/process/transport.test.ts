import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { exactScore, exactTransport, gaussian, gaussianEnds, independentEnds } from '../../../lib/exact/index.js';
import {
  circularPath,
  forwardFamily,
  forwardTransport,
  gaussianEnd,
  noNoise,
  pathOf,
  reverse,
  reverseDrift,
  reverseTransport,
  straightPath,
  type Transport,
} from '../../../lib/process/index.js';
import { planeMixture } from '../../oracle.js';
import { processes } from '../../support/processes.js';
import { near, take } from '../../support/tensors.js';

const x = () =>
  tensor2d([
    [0.3, -0.8],
    [-1.1, 0.4],
    [1.6, 0.9],
  ]);

test('the flow and the score of a process give both families of its noise', () => {
  for (const process of Object.values(processes)) {
    const score = exactScore(planeMixture, process);
    const flow = reverseDrift(process, score, noNoise);
    const transport: Transport = { T: process.T, velocity: (y, t) => flow(y, t as number), score };
    for (const part of [0, 0.5, 2]) {
      const [t, level] = [0.4 * process.T, (p: typeof process, s: number) => part * p.g(s)];
      const h = (s: number) => part * process.g(s);
      const [up, down] = [forwardTransport(transport, h), reverseTransport(transport, h)];
      near(take(up.drift(x(), t)), take(forwardFamily(process, score, level).drift(x(), t)), 2e-5);
      near(take(down.drift(x(), t)), take(reverse(process, score, level).drift(x(), t)), 2e-5);
      near(take(down.diffuse(x(), t, x())), take(reverse(process, score, level).diffuse(x(), t, x())), 1e-6);
    }
  }
});

const noise = gaussian([0, 0], 1);

test('where one end is independent noise the velocity knows the score, also at T', () => {
  for (const path of [straightPath(), circularPath(), pathOf(processes.vp!)]) {
    const { velocity, score } = exactTransport(independentEnds(planeMixture, noise), path);
    const found = gaussianEnd(path, velocity);
    for (const t of [0.2, 0.7, path.T]) near(take(found.score!(x(), t)), take(score(x(), t)), 1e-4);
    const times = () => tensor1d([0.2, 0.7, 0.9]);
    near(take(found.score!(x(), times())), take(score(x(), times())), 1e-4);
  }
});

test('where the noise is coupled to the data the velocity does not know the score', () => {
  const cross = [
    [0.3, 0],
    [0, 0.5],
  ];
  const { velocity, score } = exactTransport(gaussianEnds(gaussian([0, 0], 0.4), noise, cross), straightPath());
  const [found, right] = [gaussianEnd(straightPath(), velocity).score!, score].map(s => take(s(x(), 0.5)));
  assert.ok(found!.some((v, i) => Math.abs(v - right![i]!) > 0.3));
});

test('noise without a score is refused', () => {
  const flow = reverseTransport({ T: 1, velocity: y => y }, t => t);
  near(take(flow.drift(x(), 0)), take(x()));
  assert.throws(() => flow.drift(x(), 0.5), /noise h\(0.5\) is 0.5: a flow whose score is not known takes none/);
});
