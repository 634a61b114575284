export type { Tolerance } from './control.js';
export * from './flow.js';
export * from './ode.js';
