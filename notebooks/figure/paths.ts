/** A point in user units. */
export type Point = readonly [x: number, y: number];

/** All numbers in an SVG attribute, which may leave out separators before a sign or a dot. */
export const numbers = (text: string): number[] =>
  (text.match(/-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi) ?? []).map(Number);

/** How many numbers each path command takes; its last one or two are the point it goes to. */
const ARITY: Readonly<Record<string, number>> = { M: 2, L: 2, H: 1, V: 1, C: 6, S: 4, Q: 4, T: 2, A: 7 };

/**
 * The points that an SVG path passes through, curves by their ends. Plotly measures only short paths (arrows) and
 * densely sampled ones (contours), for which this is exact or nearly so.
 */
export const pathPoints = (d: string): Point[] => {
  const points: Point[] = [];
  let [x, y] = [0, 0];
  for (const [, command = '', args = ''] of d.matchAll(/([a-df-z])([^a-df-z]*)/gi)) {
    const kind = command.toUpperCase();
    const arity = ARITY[kind];
    if (arity === undefined) continue;
    const relative = command !== kind;
    const v = numbers(args);
    for (let i = arity; i <= v.length; i += arity) {
      const last = v[i - 1]!;
      if (kind === 'H') x = last + (relative ? x : 0);
      else if (kind === 'V') y = last + (relative ? y : 0);
      else [x, y] = [v[i - 2]! + (relative ? x : 0), last + (relative ? y : 0)];
      points.push([x, y]);
    }
  }
  return points;
};

const distance = (a: Point, b: Point): number => Math.hypot(b[0] - a[0], b[1] - a[1]);

/** Length of the polyline. */
export const pathLength = (points: readonly Point[]): number =>
  points.slice(1).reduce((sum, p, i) => sum + distance(points[i]!, p), 0);

/** The point at a distance along the polyline, clamped to its ends. */
export const pointAlong = (points: readonly Point[], length: number): Point => {
  let left = Math.max(0, length);
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const step = distance(a, b);
    if (left <= step && step > 0) return [a[0] + ((b[0] - a[0]) * left) / step, a[1] + ((b[1] - a[1]) * left) / step];
    left -= step;
  }
  return points.at(-1) ?? [0, 0];
};
