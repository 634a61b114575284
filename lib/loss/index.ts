export * from './batch.js';
export * from './coupling.js';
export * from './denoising.js';
export * from './interpolant.js';
export * from './matching.js';
export * from './times.js';
export * from './uncertainty.js';
export * from './weighting.js';
