import { integer, reject } from '../errors.js';
import type { Rng } from '../rng/rng.js';
import { type Points, pairOf, type Samples } from './points.js';

/** ∫₀¹ |F⁻¹(q) − G⁻¹(q)|^p dq for sorted samples of any sizes: quantiles are step functions. */
const quantileGap = (x: Float64Array, y: Float64Array, p: number): number => {
  let [i, j, done, total] = [0, 0, 0, 0];
  while (i < x.length && j < y.length) {
    const [a, b] = [(i + 1) / x.length, (j + 1) / y.length];
    const next = Math.min(a, b);
    total += (next - done) * Math.abs(x[i]! - y[j]!) ** p;
    done = next;
    // Ends that agree up to rounding are passed together.
    if (a <= next + 1e-15) i++;
    if (b <= next + 1e-15) j++;
  }
  return total;
};

/** The p-Wasserstein distance on the line, [n] and [m] samples. */
export const wasserstein1d = (x: Samples, y: Samples, p = 1): number => {
  const [a, b] = pairOf(x, y);
  if (a.d !== 1) reject('the number of coordinates', a.d, 'this is the distance on the line; see slicedWasserstein');
  return quantileGap(Float64Array.from(a.values).sort(), Float64Array.from(b.values).sort(), p) ** (1 / p);
};

const project = ({ n, d, values }: Points, direction: ArrayLike<number>): Float64Array => {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < d; k++) out[i] = out[i]! + values[i * d + k]! * direction[k]!;
  }
  return out.sort();
};

/** A direction uniform on the sphere. */
const direction = (d: number, rng: Rng): number[] => {
  const z = Array.from(rng.normals(d));
  const length = Math.hypot(...z);
  return z.map(v => v / length);
};

/**
 * The sliced 2-Wasserstein distance √E_θ W₂²(⟨θ, x⟩, ⟨θ, y⟩) by random directions θ. [Bonneel 2015]
 * @param x [n, ...event]
 * @param y [m, ...event]
 */
export const slicedWasserstein = (x: Samples, y: Samples, rng: Rng, directions = 128): number => {
  const [a, b] = pairOf(x, y);
  integer('directions', directions, 1);
  let total = 0;
  for (let i = 0; i < directions; i++) {
    const theta = direction(a.d, rng);
    total += quantileGap(project(a, theta), project(b, theta), 2) / directions;
  }
  return Math.sqrt(total);
};
