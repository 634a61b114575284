import { tensor } from '@tensorflow/tfjs-core';
import { integer, positive, within } from '../errors.js';
import { normalFloat32 } from '../rng/distributions.js';
import { words } from '../rng/philox.js';
import type { Rng } from '../rng/rng.js';
import type { Noise } from './step.js';

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

/** The path over a dyadic interval: its increment w and h = area/width − w/2, independent of w. */
interface Node {
  readonly w: Float64Array;
  readonly h: Float64Array;
}

interface Position {
  /** w and ∫ w from 0 up to here. */
  readonly w: Float64Array;
  readonly area: Float64Array;
}

/** A node of the tree on the way to the last time asked for, with the path up to its start. */
interface Place {
  readonly label: number;
  readonly node: Node;
  readonly at: Position;
  halves: [Node, Node] | undefined;
}

/** The two halves of an interval, from two fresh normals a coordinate. [Foster, Oberhauser & Lyons 2020] */
const split = ({ w, h }: Node, width: number, z: ArrayLike<number>): [Node, Node] => {
  const n = w.length;
  const [left, right] = [0, 1].map(() => ({ w: new Float64Array(n), h: new Float64Array(n) })) as [
    Node,
    Node,
  ];
  const [a, b] = [Math.sqrt(width / 16), Math.sqrt(width / 48)]; // of ½(w_left − w_right) and ½(h_left − h_right)
  for (let i = 0; i < n; i++) {
    const [x, y] = [a * z[i]!, b * z[n + i]!];
    const shift = 1.5 * h[i]! + x;
    left.w[i] = 0.5 * w[i]! + shift;
    right.w[i] = w[i]! - left.w[i]!;
    left.h[i] = 0.25 * h[i]! - 0.5 * x + y;
    right.h[i] = 0.25 * h[i]! - 0.5 * x - y;
  }
  return [left, right];
};

/** The position after a piece of width d with increment w and h = area/d − w/2. */
const after = (at: Position, { w, h }: Node, d: number): Position => ({
  w: at.w.map((v, i) => v + w[i]!),
  area: at.area.map((v, i) => v + d * (at.w[i]! + 0.5 * w[i]! + h[i]!)),
});

/** The mean of the first fraction q of a leaf given its w and h: a parabola through both. */
const partial = ({ w, h }: Node, q: number): Node => {
  const out = w.map((v, i) => q * v + 6 * q * (1 - q) * h[i]!);
  return { w: out, h: w.map((v, i) => q * (0.5 * v + h[i]! * (3 - 2 * q)) - 0.5 * out[i]!) };
};

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
  integer('depth', depth, 1, 40);
  // Node numbers go into the high words of the counter: a descent makes no streams, only words.
  const { key } = rng.fold(0).state();
  const draw = (label: number): Float32Array =>
    normalFloat32(words(key, [0, 0, label >>> 0, Math.floor(label / 2 ** 32)], 2 * size), 2 * size);
  const first = draw(0);
  const root: Node = {
    w: Float64Array.from({ length: size }, (_, i) => Math.sqrt(length) * first[i]!),
    h: Float64Array.from({ length: size }, (_, i) => Math.sqrt(length / 12) * first[size + i]!),
  };
  const origin: Position = { w: new Float64Array(size), area: new Float64Array(size) };
  // The last descent: neighbouring questions share most of it.
  const descent: Place[] = [{ label: 1, node: root, at: origin, halves: undefined }];
  const child = (level: number, right: boolean): Place => {
    const parent = descent[level]!;
    const label = 2 * parent.label + Number(right);
    if (descent[level + 1]?.label === label) return descent[level + 1]!;
    const width = length / 2 ** level;
    parent.halves ??= split(parent.node, width, draw(parent.label));
    const [low, high] = parent.halves;
    const at = right ? after(parent.at, low, width / 2) : parent.at;
    descent.length = level + 1;
    descent.push({ label, node: right ? high : low, at, halves: undefined });
    return descent[level + 1]!;
  };
  const position = (time: number): Position => {
    let left = within('the time on the path', time, 0, length * (1 + 1e-12)) / length;
    let place = descent[0]!;
    let level = 0;
    for (; level < depth && left > 0 && left < 1; level++) {
      const right = left >= 0.5;
      place = child(level, right);
      left = 2 * left - Number(right);
    }
    const width = length / 2 ** level;
    if (left <= 0) return place.at;
    return left >= 1
      ? after(place.at, place.node, width)
      : after(place.at, partial(place.node, left), left * width);
  };
  return {
    step: (from, to) => {
      const [a, b] = [position(from), position(to)];
      return {
        w: b.w.map((v, i) => v - a.w[i]!),
        area: b.area.map((v, i) => v - a.area[i]! - (to - from) * a.w[i]!),
      };
    },
  };
};

/** The standard normals z_0 = w/√h and z_1 = √3 (2 area/h^{3/2} − z_0) of a step of width h. */
export const pathNormals = ({ w, area }: PathStep, h: number): [Float64Array, Float64Array] => {
  const z = w.map(v => v / Math.sqrt(h));
  return [z, area.map((v, i) => Math.sqrt(3) * ((2 * v) / (h * Math.sqrt(h)) - z[i]!))];
};

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
