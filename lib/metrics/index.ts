export * from './confidence.js';
export * from './energy.js';
export * from './frechet.js';
export * from './ks.js';
export * from './mmd.js';
export { type Neighbour, nearest } from './neighbours.js';
export type { Points, Samples } from './points.js';
export * from './precision-recall.js';
export * from './wasserstein.js';
