export * from './brownian.js';
export * from './distributions.js';
export * from './philox.js';
export * from './rng.js';
export * from './shard.js';
