import { integer, within } from '../errors.js';
import { gaussLegendre } from '../math/gauss-legendre.js';
import { varsigma } from '../process/gaussian.js';
import type { GaussianProcess } from '../types.js';
import { type Axis, alongScale, alongSignal, alongTime, type Carried, carriedData, carriedNoise } from './carried.js';
import { combineRows, type Row, rows, type Sampler } from './plan.js';

const nodes = gaussLegendre(8);

/** The highest order of a predictor. */
const HIGHEST = 4;

/** ∫ of(ς) dς from `from` down to `to`: panels of about a factor e, and one alone down to 0. */
const integral = (of: (scale: number) => number, from: number, to: number): number => {
  const width = Math.log(to / from);
  const panels = to === 0 ? 1 : Math.max(1, Math.ceil(-width));
  let sum = 0;
  for (let panel = 0; panel < panels; panel++) {
    for (const { node, weight } of nodes) {
      const scale = to === 0 ? from * (1 - node) : from * Math.exp((width * (panel + node)) / panels);
      sum += weight * (to === 0 ? -from : (scale * width) / panels) * of(scale);
    }
  }
  return sum;
};

/** The polynomial that is 1 at points[i] and 0 at the others. */
const lagrange =
  (points: readonly number[], i: number) =>
  (v: number): number =>
    points.reduce((product, p, j) => (j === i ? product : (product * (v - p)) / (points[i]! - p)), 1);

/** What a multistep method looks at. */
export interface MultistepOptions {
  /** How many evaluations, the newest among them, a step looks at: 1, …, 4. */
  readonly order: number;
  /** Whether the evaluation at the end of a step mends that step too, at no cost. */
  readonly corrector?: boolean;
  /** ν: the noise h = ν g of the reverse family, 1 for the reverse SDE and 0 for the probability flow. */
  readonly noise?: number;
  readonly carried?: Carried;
  readonly along?: Axis;
  /** A single-step method for the first order − 1 steps. Default: they look at the fewer values that there are. */
  readonly start?: Sampler | undefined;
}

/**
 * Adams's methods about the exact solution: q is the polynomial through its newest values, in some variable, and the
 * rest is integrated exactly. One evaluation a step. A step that ends at σ = 0, where the variable has no end, looks at
 * the newest value alone. From a `start` of that order the flow is met with order `order`, one more with a corrector;
 * without one with order 2, or 3, at most, since the first step counts too.
 * @throws RangeError for an order or a noise out of range
 */
export const multistep = ({
  order,
  corrector = false,
  noise = 0,
  carried = carriedData,
  along = alongSignal,
  start,
}: MultistepOptions): Sampler => {
  integer('order', order, 1, HIGHEST);
  within('noise', noise, 0, Number.MAX_VALUE, 'it is a multiple of g');
  /** The weights of the values at these times on the way from the first of them to u. */
  const weights = (process: GaussianProcess, times: readonly number[], u: number): number[] => {
    const [t] = times as [number];
    const [from, to] = [varsigma(process, t), varsigma(process, u)];
    const points = times.map(time => along(process, varsigma(process, time)));
    const older = points.slice(1).map((_, i) => {
      const share = lagrange(points, i + 1);
      return integral(scale => carried.weight(process, u, scale, noise) * share(along(process, scale)), from, to);
    });
    return [carried.total(process, t, u, noise) - older.reduce((sum, w) => sum + w, 0), ...older];
  };
  /** How much of the value at t, less what the polynomial of the last step said of it, goes into that step's end. */
  const mending = (process: GaussianProcess, t: number, times: readonly number[]): Row => {
    const points = [t, ...times].map(time => along(process, varsigma(process, time)));
    const share = lagrange(points, 0);
    const [from, to] = [varsigma(process, times[0]!), varsigma(process, t)];
    const amount = integral(scale => carried.weight(process, t, scale, noise) * share(along(process, scale)), from, to);
    const said = times.map((_, i) => [-lagrange(points.slice(1), i)(points[0]!), rows.kept(i)] as const);
    return combineRows([[amount, combineRows([[1, carried.row(process, t)], ...said])]]);
  };
  return (process, t, u, past) => {
    const now = carried.row(process, t);
    const keep = { ...now, depth: corrector ? order : order - 1 };
    if (start && past.length < order - 1) return { ...start(process, t, u, []), keep };
    const used = past.slice(0, Number.isFinite(along(process, varsigma(process, u))) ? order - 1 : 0);
    const [newest, ...older] = weights(process, [t, ...used], u) as [number, ...number[]];
    const last = past.slice(0, order);
    // A step by `start` looked at none of these values.
    const mendable = corrector && (start ? last.length === order : last.length > 0);
    const state = mendable
      ? combineRows([
          [1, rows.state],
          [1, mending(process, t, last)],
        ])
      : rows.state;
    const fresh = noise === 0 ? 0 : carried.deviation(process, t, u, noise);
    return {
      stages: [{ ...rows.state, t }],
      result: combineRows([
        [carried.state(process, t, u, noise), state],
        [newest, now],
        ...older.map((w, i) => [w, rows.kept(i)] as const),
        ...(fresh === 0 ? [] : [[fresh, rows.noise(0)] as const]),
      ]),
      keep,
      noises: noise === 0 ? 0 : 1,
    };
  };
};

/** UniPC-p: predictor of order p and its corrector, of order p + 1. [Zhao 2023, all conditions solved exactly] */
export const uniPc = (order = 2, start?: Sampler): Sampler => multistep({ order, corrector: true, start });

/** SA-Solver: the same with noise. [Xue 2023, algorithm 1] */
export const saSolver = (order = 2, noise = 1): Sampler => multistep({ order, corrector: true, noise });

/** tAB-DEIS: ε is a polynomial in t. [Zhang & Chen 2023, eq. 14 and 15] */
export const deis = (order = 3, start?: Sampler): Sampler =>
  multistep({ order, carried: carriedNoise, along: alongTime, start });

/** Adams's method for d(x/α)/dς = ε, which k-diffusion calls LMS and DEIS ρAB. */
export const lms = (order = 4, start?: Sampler): Sampler =>
  multistep({ order, carried: carriedNoise, along: alongScale, start });
