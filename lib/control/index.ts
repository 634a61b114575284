export * from './guidance.js';
export * from './measurement.js';
export * from './particles.js';
export * from './posterior.js';
export * from './replacement.js';
