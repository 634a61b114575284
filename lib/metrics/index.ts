export * from './energy.js';
export * from './frechet.js';
export * from './ks.js';
export * from './mmd.js';
export * from './points.js';
export * from './wasserstein.js';
