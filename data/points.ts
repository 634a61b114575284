import ndarray, { type NdArray } from 'ndarray';
import type { Rng } from '../lib/rng/rng.js';

/** Draws one point from two uniform numbers u, v ∈ [0, 1) and two standard normal ones. */
type Draw = (u: number, v: number, noise: readonly [number, number]) => [number, number];

const generate =
  (draw: Draw) =>
  (n: number, rng: Rng): NdArray<Float32Array> => {
    const uniforms = rng.uniforms(2 * n);
    const normals = rng.normals(2 * n);
    const points = ndarray(new Float32Array(2 * n), [n, 2]);
    for (let i = 0; i < n; i++) {
      const [x, y] = draw(uniforms[2 * i]!, uniforms[2 * i + 1]!, [normals[2 * i]!, normals[2 * i + 1]!]);
      points.set(i, 0, x);
      points.set(i, 1, y);
    }
    return points;
  };

/** Two interleaved half circles of radius 1, scattered by .08; the moon is chosen by v. [N, 2] */
export const twoMoons = generate((u, v, [a, b]) => {
  const angle = Math.PI * u;
  const upper = v < 0.5;
  const x = upper ? Math.cos(angle) : 1 - Math.cos(angle);
  const y = upper ? Math.sin(angle) : 0.5 - Math.sin(angle);
  return [x - 0.5 + 0.08 * a, y - 0.25 + 0.08 * b];
});

/** The dark squares of a 4 × 4 board on [−2, 2]², uniformly filled. [N, 2] */
export const checkerboard = generate((u, v, [a]) => {
  const x = 4 * u - 2;
  const column = Math.floor(x) + 2;
  const half = a < 0 ? 0 : 2;
  return [x, v + half + (column % 2) - 2];
});

/** A spiral of one and a half turns, radius up to 2, scattered by .05. [N, 2] */
export const swissRoll = generate((u, _v, [a, b]) => {
  const angle = 1.5 * Math.PI * (1 + 2 * u);
  const radius = angle / (2.25 * Math.PI);
  return [radius * Math.cos(angle) + 0.05 * a, radius * Math.sin(angle) + 0.05 * b];
});

/** Eight Gaussians of deviation .12 on a circle of radius 2. [N, 2] */
export const ring = generate((u, _v, [a, b]) => {
  const angle = (2 * Math.PI * Math.floor(8 * u)) / 8;
  return [2 * Math.cos(angle) + 0.12 * a, 2 * Math.sin(angle) + 0.12 * b];
});
