import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import type { Candidate } from './types.js';

const require = createRequire(import.meta.url);

/** Gradients are registered by the union package alone; tfjs-core, which lib imports, has none. */
export const registerGradients = (): void => {
  require('@tensorflow/tfjs');
};

/** Plain JavaScript: always there, and thousands of times slower than the others on a convolution. */
export const cpu: Candidate = {
  name: 'cpu',
  start: async () => {
    registerGradients();
    require('@tensorflow/tfjs-backend-cpu');
    if (!(await tf.setBackend('cpu'))) throw new Error('tfjs-backend-cpu did not start');
    return { device: 'CPU', versions: { 'tfjs-backend-cpu': tf.version_core } };
  },
};
