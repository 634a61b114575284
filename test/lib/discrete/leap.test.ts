import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  absorbingRates,
  drawRun,
  eulerLeap,
  exactRatios,
  jumpProcess,
  type Law,
  type Leap,
  lawAt,
  lawOfRun,
  reverseRates,
  tauLeap,
  tweedieLeap,
  uniformRates,
  wordRates,
} from '../../../lib/discrete/index.js';
import { drawn } from '../../../lib/math/index.js';
import { linearBeta } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/index.js';
import { uniformTimes } from '../../../lib/solve/index.js';
import { near } from '../../support/tensors.js';

const noise = linearBeta({ betaMin: 0.3, betaMax: 3 });
const variation = (p: Law, q: Law): number => p.reduce((sum, v, i) => sum + Math.abs(v - q[i]!), 0) / 2;
const data = [0.5, 0.05, 0.45, 0];
/** A law of words of two places with three letters, the last of which is the mask. */
const words = [0.4, 0.05, 0, 0.05, 0.5, 0, 0, 0, 0];

for (const [name, rates] of Object.entries({ uniform: uniformRates, absorbing: absorbingRates })) {
  const process = jumpProcess(rates(4), noise);
  const ratios = exactRatios(process, data);
  const start = lawAt(process, data, 1);
  const end = (leap: Leap, n: number) => lawOfRun(process, ratios, leap, start, uniformTimes(n, 1, 0.01));

  test(`Bayes’ leap is exact however long it is, and Euler’s has order 1: ${name}`, () => {
    const right = lawAt(process, data, 0.01);
    for (const n of [1, 3, 10]) near(end(tweedieLeap, n), right, 1e-12);
    const [coarse, fine] = [200, 400].map(n => variation(end(eulerLeap, n), right));
    assert.ok(Math.abs(Math.log2(coarse! / fine!) - 1) < 0.1, `${coarse}, ${fine}`);
  });

  test(`leaps of words are off by what their places know of each other, in order 1: ${name}`, () => {
    const place = jumpProcess(rates(3), noise);
    const word = jumpProcess(wordRates(rates(3), 2), noise);
    const exact = exactRatios(word, words);
    const off = (leap: Leap, n: number) => {
      const law = lawOfRun(word, exact, tauLeap(leap, place), lawAt(word, words, 1), uniformTimes(n, 1, 0.01));
      return variation(law, lawAt(word, words, 0.01));
    };
    for (const leap of [eulerLeap, tweedieLeap]) {
      const [coarse, fine] = [50, 100].map(n => off(leap, n));
      assert.ok(Math.abs(Math.log2(coarse! / fine!) - 1) < 0.15, `${coarse}, ${fine}`);
    }
    // One leap over all of time makes places independent, but for what is left of x_0 at the start.
    const apart = [0.45, 0.55, 0].flatMap(p => [0.45, 0.55, 0].map(q => p * q));
    const left = Math.exp(-noise.integral(1));
    assert.ok(Math.abs(off(tweedieLeap, 1) - variation(apart, words)) < left);
  });
}

test('a word of one place leaps as the place does', () => {
  const process = jumpProcess(uniformRates(4), noise);
  const ratios = exactRatios(process, data);
  near(tauLeap(tweedieLeap, process)(process, ratios, 2, 0.8, 0.3), tweedieLeap(process, ratios, 2, 0.8, 0.3), 1e-15);
});

test('draws follow the law of the run', () => {
  const process = jumpProcess(uniformRates(4), noise);
  const ratios = exactRatios(process, data);
  const times = uniformTimes(12, 1, 0.01);
  const [n, rng] = [20_000, philox(3)];
  const first = lawAt(process, data, 1);
  const start = Int32Array.from(rng.uniforms(n), u => drawn(first, u));
  const ends = drawRun(process, ratios, eulerLeap, start, times, rng);
  const found = data.map((_, x) => ends.reduce((sum, y) => sum + Number(x === y), 0) / n);
  const law = lawOfRun(process, ratios, eulerLeap, lawAt(process, data, 1), times);
  for (const [x, p] of law.entries()) {
    assert.ok(Math.abs(found[x]! - p) < 5 * Math.sqrt((p * (1 - p)) / n) + 1e-12, `${x}: ${found[x]}, not ${p}`);
  }
});

test('a step of Euler’s that is too long for its rates leaves for sure', () => {
  const process = jumpProcess(uniformRates(4), linearBeta({ betaMin: 0.1, betaMax: 20 }));
  const ratios = exactRatios(process, data);
  const [moves, rates] = [eulerLeap(process, ratios, 1, 1, 0), reverseRates(process, ratios, 1, 1)];
  near(
    moves,
    rates.map((rate, y) => (y === 1 ? 0 : rate / -rates[1]!)),
    1e-12,
  );
});
