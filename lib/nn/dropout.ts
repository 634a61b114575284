import { add, floor, mul, type Tensor } from '@tensorflow/tfjs-core';
import { within } from '../errors.js';
import type { Rng } from '../rng/rng.js';

/** Sets a part `rate` of all numbers to 0 and scales the rest by 1/(1 − rate). */
export const dropout = (rate: number, rng: Rng): ((x: Tensor) => Tensor) => {
  within('the dropout rate', rate, 0, 0.999);
  const kept = 1 - rate;
  return x => mul(x, mul(floor(add(rng.uniform(x.shape), kept)), 1 / kept));
};
