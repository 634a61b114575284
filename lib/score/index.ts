export * from './prediction.js';
export * from './score.js';
export * from './transport.js';
