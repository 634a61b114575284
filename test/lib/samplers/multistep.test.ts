import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lineFlow, marginal, quantile } from '../../../lib/exact/index.js';
import { gaussLegendre } from '../../../lib/math/index.js';
import { varsigma } from '../../../lib/process/gaussian.js';
import { subVp, ve, vp } from '../../../lib/process/index.js';
import { timeOfScale } from '../../../lib/process/inverse.js';
import {
  alongScale,
  alongSignal,
  alongTime,
  carriedData,
  carriedNoise,
  ddim,
  lms,
  multistep,
  rk4,
  type Sampler,
  uniPc,
} from '../../../lib/samplers/index.js';
import { hostSolve, karrasTimes, logSnrTimes } from '../../../lib/solve/index.js';
import { gap, lineMixture, scoreOfPaths } from '../../oracle.js';

const processes = [vp(), ve(), subVp()];
const instant = fc.double({ min: 0.05, max: 1, noNaN: true });

test('of order 1 it is DDIM: without noise Euler in ς, with that of the reverse SDE the exact posterior', () => {
  fc.assert(
    fc.property(
      instant,
      fc.double({ min: 0.1, max: 0.9, noNaN: true }),
      fc.constantFrom(...processes),
      (t, part, process) => {
        for (const [noise, carried] of [
          [0, carriedData],
          [0, carriedNoise],
          [1, carriedData],
        ] as const) {
          const [mine, its] = [multistep({ order: 1, noise, carried }), ddim(noise)].map(sampler => {
            const { result } = sampler(process, t, t * part, []);
            // x + 0 · score and so on, as if stage 0 had scored 1 and −2.
            return [result.x, result.s[0]!, result.z[0] ?? 0];
          });
          assert.ok(gap(mine!, its!) < 1e-10 * (1 + Math.abs(its![1]!)), `${mine} against ${its}`);
        }
      },
    ),
  );
});

/** A score whose x̂_0 or ε is a polynomial of degree 2 in the variable, whatever the state. */
const bends = (v: number): number => 0.3 - 0.8 * v + 0.5 * v * v;

test('a polynomial of a degree below the order is integrated exactly, by predictor and corrector', () => {
  const nodes = gaussLegendre(16);
  for (const process of processes) {
    for (const [carried, along] of [
      [carriedData, alongSignal],
      [carriedNoise, alongScale],
      [carriedNoise, alongTime],
    ] as const) {
      const of = (scale: number): number => bends(along(process, scale));
      const s = ([x]: readonly number[], t: number): number[] => {
        const [alpha, sigma, q] = [process.alpha(t), process.sigma(t), of(varsigma(process, t))];
        return [carried === carriedNoise ? -q / sigma : (alpha * q - x!) / sigma ** 2];
      };
      const times = karrasTimes(process, 6, 0.9, 0.4);
      for (const corrector of [false, true]) {
        const sampler = multistep({ order: 3, carried, along, corrector, start: rk4() });
        const begun = hostSolve(process, s, sampler, [0.7], times.slice(0, 3));
        const end = hostSolve(process, s, sampler, [0.7], times);
        let want = carried.state(process, times[2]!, times[6]!, 0) * begun[0]!;
        const [from, to] = [varsigma(process, times[2]!), varsigma(process, times[6]!)];
        for (const { node, weight } of nodes) {
          const scale = from * (to / from) ** node;
          want += weight * Math.log(to / from) * scale * carried.weight(process, times[6]!, scale, 0) * of(scale);
        }
        assert.ok(Math.abs(end[0]! - want) < 1e-9 * (1 + Math.abs(want)), `${end} against ${want}`);
      }
    }
  }
});

test('on an even grid in ς, LMS has the weights of Adams and Bashforth', () => {
  const process = ve();
  const at = (k: number): number => timeOfScale(process, 10 - k / 10);
  const { result } = lms(4)(process, at(3), at(4), [at(2), at(1), at(0)]);
  const [newest, ...older] = [-result.s[0]! / process.sigma(at(3)), ...result.kept];
  assert.ok(gap([result.x, newest, ...older], [1, -5.5 / 24, 5.9 / 24, -3.7 / 24, 0.9 / 24]) < 1e-10);
});

test('without a start the first step limits the order, to 2 and with a corrector to 3', () => {
  const process = ve({ sigmaMax: 10 });
  const [from, to] = [0.8, 0.45];
  const s = scoreOfPaths(lineMixture, process);
  const start = [0.1, 0.5, 0.9].map(p => quantile(marginal(lineMixture, process, from), p));
  const want = start.map(x => lineFlow(lineMixture, process, x, from, to));
  const order = (sampler: Sampler): number => {
    const errors = [256, 512].map(n =>
      gap(hostSolve(process, s, sampler, start, logSnrTimes(process, n, from, to)), want),
    );
    return Math.log2(errors[0]! / errors[1]!);
  };
  assert.ok(Math.abs(order(multistep({ order: 4, start: rk4() })) - 4) < 0.2);
  assert.ok(Math.abs(order(multistep({ order: 4 })) - 2) < 0.2);
  assert.ok(Math.abs(order(uniPc(3)) - 3) < 0.2);
});

test('orders, noises and what is out of range are refused by name', () => {
  assert.throws(() => multistep({ order: 5 }), /order/);
  assert.throws(() => multistep({ order: 1.5 }), /order/);
  assert.throws(() => multistep({ order: 2, noise: -1 }), /noise/);
});
