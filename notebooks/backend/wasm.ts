import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { packageFile, requireFromRoot } from '../files/root.js';
import { registerGradients } from './cpu.js';
import type { Candidate } from './types.js';
import { registerFilterGradient } from './wasm-filter-gradient.js';

interface WasmPackage {
  setWasmPaths(folder: string): void;
  readonly version_wasm: string;
}

/** WebAssembly with SIMD: no compiler and no download. tfjs switches its threads off in Node. */
export const wasm: Candidate = {
  name: 'wasm',
  start: async () => {
    registerGradients();
    const backend = requireFromRoot('@tensorflow/tfjs-backend-wasm') as WasmPackage;
    backend.setWasmPaths(dirname(packageFile('@tensorflow/tfjs-backend-wasm')) + sep);
    if (!(await tf.setBackend('wasm'))) throw new Error('tfjs-backend-wasm did not start');
    registerFilterGradient('wasm');
    return { device: 'CPU', versions: { 'tfjs-backend-wasm': backend.version_wasm } };
  },
};
