import { tensor } from '@tensorflow/tfjs-core';
import { integer } from '../errors.js';
import { type BrownianPath, pathNormals } from '../rng/brownian.js';
import type { Noise } from './step.js';

/**
 * Makes a sampler follow one path, so that runs with different steps see the same noise. It serves up to two normals
 * a step: the increment and the area.
 * @param start the time at which runs begin; the path's own time is start − t
 */
export const followPath =
  (path: BrownianPath, start: number): Noise =>
  (x, t, u, n) => {
    integer('the normals a step takes from a path', n, 0, 2);
    const width = Math.abs(u - t);
    return pathNormals(path.step(Math.abs(start - t), Math.abs(start - u)), width)
      .slice(0, n)
      .map(z => tensor(Float32Array.from(z), x.shape));
  };
