export * from './batch.js';
export * from './denoising.js';
export * from './matching.js';
export * from './times.js';
export * from './uncertainty.js';
export * from './weighting.js';
