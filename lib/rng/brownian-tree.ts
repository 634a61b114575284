import { normalFloat32 } from './distributions.js';
import { words } from './philox.js';
import type { Rng } from './rng.js';

/** The path over a dyadic interval: its increment w and h = area/width − w/2, independent of w. */
interface Node {
  readonly w: Float64Array;
  readonly h: Float64Array;
}

/** A path from its start to some time, one entry per coordinate. */
export interface Position {
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
  const [left, right] = [0, 1].map(() => ({ w: new Float64Array(n), h: new Float64Array(n) })) as [Node, Node];
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

/** The path over all of [0, length], from two normals a coordinate. */
const rootOf = (size: number, length: number, z: ArrayLike<number>): Node => ({
  w: Float64Array.from({ length: size }, (_, i) => Math.sqrt(length) * z[i]!),
  h: Float64Array.from({ length: size }, (_, i) => Math.sqrt(length / 12) * z[size + i]!),
});

/** Walks the tree; it remembers the last descent, most of which neighbouring questions share. */
const createDescent = (rng: Rng, size: number, length: number) => {
  // Node numbers go into the high words of the counter: a descent makes no streams, only words.
  const { key } = rng.fold(0).state();
  const draw = (label: number): Float32Array =>
    normalFloat32(words(key, [0, 0, label >>> 0, Math.floor(label / 2 ** 32)], 2 * size), 2 * size);
  const origin: Position = { w: new Float64Array(size), area: new Float64Array(size) };
  const root: Place = { label: 1, node: rootOf(size, length, draw(0)), at: origin, halves: undefined };
  const places = [root];
  const child = (level: number, right: boolean): Place => {
    const parent = places[level]!;
    const label = 2 * parent.label + Number(right);
    const known = places[level + 1];
    if (known?.label === label) return known;
    const width = length / 2 ** level;
    parent.halves ??= split(parent.node, width, draw(parent.label));
    const [low, high] = parent.halves;
    const at = right ? after(parent.at, low, width / 2) : parent.at;
    const place: Place = { label, node: right ? high : low, at, halves: undefined };
    places.splice(level + 1, Number.POSITIVE_INFINITY, place);
    return place;
  };
  return { root, child };
};

/** w and its area from 0 to any time of a virtual Brownian tree on [0, length]. */
export const brownianTree = (rng: Rng, size: number, length: number, depth: number) => {
  const { root, child } = createDescent(rng, size, length);
  return (time: number): Position => {
    let left = time / length;
    let place = root;
    let level = 0;
    for (; level < depth && left > 0 && left < 1; level++) {
      const right = left >= 0.5;
      place = child(level, right);
      left = 2 * left - Number(right);
    }
    const width = length / 2 ** level;
    if (left <= 0) return place.at;
    return left >= 1 ? after(place.at, place.node, width) : after(place.at, partial(place.node, left), left * width);
  };
};
