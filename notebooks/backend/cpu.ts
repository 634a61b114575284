import * as tf from '@tensorflow/tfjs-core';
import { requireFromRoot } from '../files/root.js';
import type { Candidate } from './types.js';

/** Gradients are registered by the union package alone; tfjs-core, which lib imports, has none. */
export const registerGradients = (): void => {
  requireFromRoot('@tensorflow/tfjs');
};

/** Plain JavaScript: always there, and thousands of times slower than the others on a convolution. */
export const cpu: Candidate = {
  name: 'cpu',
  start: async () => {
    registerGradients();
    requireFromRoot('@tensorflow/tfjs-backend-cpu');
    if (!(await tf.setBackend('cpu'))) throw new Error('tfjs-backend-cpu did not start');
    return { device: 'CPU', versions: { 'tfjs-backend-cpu': tf.version_core } };
  },
};
