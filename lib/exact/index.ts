export * from './condition.js';
export * from './flow.js';
export * from './host.js';
export * from './line.js';
export * from './model.js';
export * from './moments.js';
export * from './tensors.js';
