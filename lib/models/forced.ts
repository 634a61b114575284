import { type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import { flatten, layout, unflatten } from '../train/flat.js';
import type { Transform } from '../train/transform.js';
import { allButLast, normalise } from './magnitude.js';

/**
 * Brings the weights of every output back to magnitude 1 after each step, as the last of a chain: their length would
 * else grow, and with it the effect of the learning rate fall. Gains are left as they are. The original does it at the
 * start of the next step. [Karras 2024, §2.3, eq. 66]
 * @param parameters those of `edm2`
 */
export const normaliseWeights = (parameters: ReadonlyMap<string, Variable>): Transform => {
  const into = layout(parameters);
  return {
    name: 'normalise',
    slots: [],
    numbers: () => ({}),
    apply: update => ({ update, slots: {} }),
    project: flat =>
      tidy(() => flatten(unflatten(into, flat).map((w: Tensor) => (w.rank < 2 ? w : normalise(w, allButLast(w)))))),
  };
};
