export * from './condition.js';
export * from './density.js';
export * from './ends.js';
export * from './flow.js';
export * from './line.js';
export * from './model.js';
export * from './moments.js';
export * from './tensors.js';
