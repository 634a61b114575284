export * from './prediction.js';
export * from './score.js';
