export * from './gaussian.js';
export * from './sample.js';
export * from './ve.js';
export * from './vp.js';
