export * from './energy.js';
export * from './frechet.js';
export * from './ks.js';
export * from './mmd.js';
export type { Points, Samples } from './points.js';
export * from './wasserstein.js';
