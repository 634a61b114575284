import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor } from '@tensorflow/tfjs-core';
import { affineRun, exactScore, gaussian } from '../../../lib/exact/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { last, predictor, quadraticTimes, solve, uniformTimes } from '../../../lib/solve/index.js';
import { basisRng, gap } from '../../oracle.js';
import { paperProcesses } from '../../support/processes.js';
import { samplers } from '../../support/samplers.js';

/** S1: what the tensor sampler does to the initial state and to each noise, against the recursion in float64. */
for (const { name, sampler, grid } of samplers) {
  for (const [kind, process] of Object.entries(paperProcesses)) {
    test(`${name} under ${kind} is its moment recursion, to float32 rounding`, () => {
      const times = (grid === 'uniform' ? uniformTimes : quadraticTimes)(12, 1, 0.01);
      const data = { mean: 0.7, variance: 0.2 };
      const want = affineRun(process, sampler, times, data);
      const rows = 2 + want.z.length;
      const x = tensor(
        Float32Array.from({ length: rows }, (_, i) => Number(i === 1)),
        [rows, 1],
      );
      const score = exactScore(gaussian([data.mean], data.variance), process);
      const end = last(solve(predictor(process, score, sampler), x, times, basisRng(philox(0), rows)));
      const [k, one, ...noises] = Array.from(end.dataSync()) as [number, number, ...number[]];
      const got = [k, one - k, ...noises.map(v => v - k)];
      const all = [want.k, want.a, ...want.z];
      const size = Math.max(...all.map(Math.abs));
      assert.ok(gap(got, all) < 3e-6 * size, `${got}\nagainst ${all}`);
    });
  }
}
