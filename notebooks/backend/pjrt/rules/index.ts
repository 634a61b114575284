import type { Rule } from '../site.js';
import { convolutions } from './convolution.js';
import { elementwise } from './elementwise.js';
import { pools } from './pool.js';
import { products } from './product.js';
import { randomness } from './random.js';
import { reductions } from './reduce.js';
import { shapes } from './shape.js';

/** Every operation of TensorFlow that a program may have on a device, with what it is in StableHLO. */
export const rules: Readonly<Record<string, Rule>> = {
  ...elementwise,
  ...shapes,
  ...reductions,
  ...products,
  ...convolutions,
  ...pools,
  ...randomness,
};
