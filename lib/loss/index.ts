export * from './denoising.js';
export * from './times.js';
export * from './weighting.js';
