import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineFlow, marginal, quantile } from '../../../lib/exact/index.js';
import { vp } from '../../../lib/process/index.js';
import { pndm } from '../../../lib/samplers/index.js';
import { hostSolve, uniformTimes } from '../../../lib/solve/index.js';
import { lineMixture, scoreOfPaths } from '../../oracle.js';

const process = vp();
const score = scoreOfPaths(lineMixture, process);

/** PNDMScheduler of diffusers with skip_prk_steps, in its own terms: ᾱ, `ets`, `counter`, and the second time given twice. */
const scheduler = (x: number, times: readonly number[]): number => {
  const bar = (t: number) => process.alpha(t) ** 2;
  const epsilon = (y: number, t: number) => -process.sigma(t) * score([y], t)[0]!;
  const previous = (y: number, t: number, u: number, e: number) => {
    const [a, b] = [bar(t), bar(u)];
    const denominator = a * Math.sqrt(1 - b) + Math.sqrt(a * (1 - a) * b);
    return Math.sqrt(b / a) * y - ((b - a) * e) / denominator;
  };
  const given = [times[0]!, times[1]!, ...times.slice(1, -1)];
  const ets: number[] = [];
  let [sample, first] = [x, x];
  for (const [counter, at] of given.entries()) {
    const output = epsilon(sample, at);
    let [t, u] = [at, times[times.indexOf(at) + 1]!];
    let e = output;
    if (counter === 1) {
      [t, u] = [times[0]!, at];
      e = (output + ets.at(-1)!) / 2;
      sample = first;
    } else {
      ets.push(output);
      if (counter === 0) first = sample;
      else if (ets.length === 2) e = (3 * ets.at(-1)! - ets.at(-2)!) / 2;
      else if (ets.length === 3) e = (23 * ets.at(-1)! - 16 * ets.at(-2)! + 5 * ets.at(-3)!) / 12;
      else e = (55 * ets.at(-1)! - 59 * ets.at(-2)! + 37 * ets.at(-3)! - 9 * ets.at(-4)!) / 24;
    }
    sample = previous(sample, t, u, e);
  }
  return sample;
};

test('it is the recursion of diffusers, from the doubled second time on', () => {
  for (const steps of [2, 3, 4, 5, 12]) {
    const times = uniformTimes(steps, 1, 0.02);
    for (const x of [-1.3, 0.2, 1.7]) {
      const mine = hostSolve(process, score, pndm(), [x], times)[0]!;
      assert.ok(Math.abs(mine - scheduler(x, times)) < 1e-10, `${steps} steps: ${mine}, not ${scheduler(x, times)}`);
    }
  }
});

test('it has order 2 on equal steps', () => {
  const [late, early] = [0.4, 0.1];
  const x = quantile(marginal(lineMixture, process, late), 0.3);
  const right = lineFlow(lineMixture, process, x, late, early);
  const off = (n: number) => Math.abs(hostSolve(process, score, pndm(), [x], uniformTimes(n, late, early))[0]! - right);
  const order = Math.log2(off(400) / off(800));
  assert.ok(Math.abs(order - 2) < 0.1, `${order}`);
});

test('a single step to where there is no noise is DDIM’s', () => {
  const { stages, result } = pndm()(process, 0.5, 0, []);
  assert.equal(stages.length, 1);
  assert.ok(Math.abs(result.x - 1 / process.alpha(0.5)) < 1e-12);
});
