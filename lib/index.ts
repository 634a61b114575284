export * from './broadcast.js';
export * from './errors.js';
export * from './loss/index.js';
export * from './nn/index.js';
export * from './process/index.js';
export * from './rng/rng.js';
export * from './score/index.js';
export * from './train/index.js';
export type * from './types.js';
