import { integer, positive, within } from '../errors.js';
import { brownianTree } from './brownian-tree.js';
import type { Rng } from './rng.js';

/** The increment of a path over an interval, and the area ∫(w_s − w_start) ds under it. */
export interface PathStep {
  readonly w: Float64Array;
  readonly area: Float64Array;
}

/** A Brownian path that gives the same values however it is asked. */
export interface BrownianPath {
  /** The interval [from, to] of elapsed time, 0 ≤ from ≤ to ≤ length. */
  step(from: number, to: number): PathStep;
}

/**
 * A virtual Brownian tree: nothing is stored but the last descent, every node's normals come from the counter-based
 * generator, so any step size and any order of questions see the same path, with its areas.
 * Inside a leaf of width length/2^depth it is a parabola. [Li 2020; areas after Foster, Oberhauser & Lyons 2020]
 * @param size coordinates of the path
 * @param length the path lives on [0, length]
 */
export const brownianPath = (rng: Rng, size: number, length: number, depth = 20): BrownianPath => {
  integer('size', size, 1);
  positive('length', length);
  const position = brownianTree(rng, size, length, integer('depth', depth, 1, 40));
  const slack = length * (1 + 1e-12);
  return {
    step: (from, to) => {
      const [a, b] = [from, to].map(time => position(within('the time on the path', time, 0, slack)));
      return {
        w: b!.w.map((v, i) => v - a!.w[i]!),
        area: b!.area.map((v, i) => v - a!.area[i]! - (to - from) * a!.w[i]!),
      };
    },
  };
};

/** The standard normals z_0 = w/√h and z_1 = √3 (2 area/h^{3/2} − z_0) of a step of width h. */
export const pathNormals = ({ w, area }: PathStep, h: number): [Float64Array, Float64Array] => {
  const z = w.map(v => v / Math.sqrt(h));
  return [z, area.map((v, i) => Math.sqrt(3) * ((2 * v) / (h * Math.sqrt(h)) - z[i]!))];
};
