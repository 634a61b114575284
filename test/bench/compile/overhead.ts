import * as tf from '@tensorflow/tfjs-core';
import { vp } from '../../../lib/process/index.js';
import { langevin } from '../../../lib/samplers/index.js';
import { scoreFrom } from '../../../lib/score/index.js';
import { corrector, last, predictor, solve, uniformTimes } from '../../../lib/solve/index.js';
import { deviceRng } from '../../../notebooks/backend/graph/index.js';
import { samplers } from '../../support/samplers.js';
import { markdown, timing } from './table.js';

const SHAPE = [64, 8, 8, 1];
const STEPS = 50;

/** What a step costs beside its network: microseconds with a network that does nothing. */
export const overheads = (): string => {
  const process = vp();
  const score = scoreFrom(process, x => x);
  const steps = {
    ...Object.fromEntries(samplers.map(({ name, sampler }) => [name, predictor(process, score, sampler)])),
    'Langevin corrector': corrector(process, score, langevin(0.16)),
  };
  const rows = Object.entries(steps).map(([name, step]) => {
    const seconds = Array.from({ length: 12 }, () => {
      const rng = deviceRng(1);
      const x = rng.normal(SHAPE);
      const start = performance.now();
      const out = last(solve(step, x, uniformTimes(STEPS, 1, 0.01), rng));
      out.dataSync();
      const elapsed = (performance.now() - start) / 1000;
      tf.dispose([x, out]);
      return elapsed / STEPS;
    }).slice(2);
    const { median, spread } = timing(seconds);
    return [name, `${(1e6 * median).toFixed(0)} ± ${(1e6 * spread).toFixed(0)}`];
  });
  return markdown([`a step beside its network, ${SHAPE.join('×')}`, 'microseconds'], rows);
};
