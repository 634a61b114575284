export * from './bisect.js';
export * from './derivative.js';
export * from './eigenvalues.js';
export * from './gauss-legendre.js';
export * from './linear-algebra.js';
export * from './normal.js';
export * from './quadrature.js';
export * from './shape.js';
