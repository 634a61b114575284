export * from './energy.js';
export * from './ks.js';
export * from './points.js';
