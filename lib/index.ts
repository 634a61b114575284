export * from './broadcast.js';
export * from './errors.js';
export * from './rng/rng.js';
export type * from './types.js';
