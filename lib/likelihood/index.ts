export * from './bound.js';
export * from './dequantise.js';
export * from './divergence.js';
export * from './latent.js';
export * from './log-likelihood.js';
