export * from './jump-path.js';
export * from './jump-process.js';
export * from './leap.js';
export * from './ratios.js';
export * from './score-entropy.js';
