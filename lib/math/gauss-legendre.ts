/** A point of [0, 1] and what the integrand there counts. */
export interface QuadratureNode {
  readonly node: number;
  readonly weight: number;
}

/**
 * Gauss and Legendre's rule with n points on [0, 1], exact for polynomials up to degree 2n − 1. The nodes are the roots
 * of the n-th Legendre polynomial, by Newton's method.
 */
export const gaussLegendre = (n: number): QuadratureNode[] =>
  Array.from({ length: n }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let iteration = 0; iteration < 20; iteration++) {
      let [before, now] = [1, x];
      for (let k = 2; k <= n; k++) [before, now] = [now, ((2 * k - 1) * x * now - (k - 1) * before) / k];
      slope = (n * (x * now - before)) / (x * x - 1);
      x -= now / slope;
    }
    return { node: 0.5 * (1 + x), weight: 1 / ((1 - x * x) * slope * slope) };
  });
