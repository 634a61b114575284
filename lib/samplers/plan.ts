import type { GaussianProcess } from '../types.js';
import type { Past } from './past.js';

/**
 * A sampler is its coefficients. One step is a few linear combinations of the state, scores and noises with float64
 * weights; the same numbers then drive tensors, float64 numbers and the moment recursion of Gaussian data.
 */

/** x·state + Σ s[i]·score of stage i + Σ z[i]·noise i + Σ kept[i]·value kept i steps ago. */
export interface Row {
  readonly x: number;
  readonly s: readonly number[];
  readonly z: readonly number[];
  readonly kept: readonly number[];
}

/** A row at which the score is evaluated, at time t. It may use the scores of the stages before it. */
export interface Stage extends Row {
  readonly t: number;
}

/** A row whose value later steps of a run look back on: how many of them, the newest included, have to stay. */
export interface Keep extends Row {
  readonly depth: number;
}

/** One step of a linear sampler. */
export interface Plan {
  readonly stages: readonly Stage[];
  readonly result: Row;
  /** What a multistep sampler hands to its next step. */
  readonly keep?: Keep;
  /** How many standard normal draws shaped like the state it takes. */
  readonly noises: number;
}

/**
 * A linear sampler: the plan of its step from t to u.
 * @param past the times at which earlier steps of this run kept a value, newest first
 */
export type Sampler = (process: GaussianProcess, t: number, u: number, past: readonly number[]) => Plan;

/** The numbers of x′ = a x + b s(x, t) + c z. */
export interface Coefficients {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** The row Σ wᵢ rowᵢ. */
export const combineRows = (terms: readonly (readonly [weight: number, row: Row])[]): Row => {
  const list = (pick: (row: Row) => readonly number[]): number[] => {
    const out = new Array<number>(Math.max(0, ...terms.map(([, row]) => pick(row).length))).fill(0);
    for (const [w, row] of terms) {
      pick(row).forEach((v, i) => {
        out[i] = out[i]! + w * v;
      });
    }
    return out;
  };
  return {
    x: terms.reduce((sum, [w, row]) => sum + w * row.x, 0),
    s: list(row => row.s),
    z: list(row => row.z),
    kept: list(row => row.kept),
  };
};

const unit = (i: number): number[] => [...new Array<number>(i).fill(0), 1];

/** The state, the score of stage i, noise i and the value kept i steps ago, as rows. */
export const rows = {
  /** x. */
  state: { x: 1, s: [], z: [], kept: [] } as Row,
  /** The score of stage i. */
  score: (i: number): Row => ({ x: 0, s: unit(i), z: [], kept: [] }),
  /** Noise i. */
  noise: (i: number): Row => ({ x: 0, s: [], z: unit(i), kept: [] }),
  /** The value kept i steps ago. */
  kept: (i: number): Row => ({ x: 0, s: [], z: [], kept: unit(i) }),
};

/** A sampler with one evaluation a step, at its start: x′ = a x + b s(x, t) + c z. */
export const fromCoefficients =
  (coefficients: (process: GaussianProcess, t: number, u: number) => Coefficients): Sampler =>
  (process, t, u) => {
    const { a, b, c } = coefficients(process, t, u);
    return {
      stages: [{ ...rows.state, t }],
      result: { x: a, s: [b], z: c === 0 ? [] : [c], kept: [] },
      noises: c === 0 ? 0 : 1,
    };
  };

/** What a plan needs of the things it combines. */
export interface Algebra<V> {
  /** Σ wᵢ vᵢ; terms with weight 0 are left out before. */
  combine(terms: readonly (readonly [weight: number, value: V])[]): V;
  /** s(x, t). */
  score(x: V, t: number): V;
}

/** Carries out a plan on any values that can be combined: tensors, numbers, affine forms. */
export const runPlan = <V>(
  plan: Plan,
  { combine, score }: Algebra<V>,
  x: V,
  noises: readonly V[],
  kept: readonly V[] = [],
): { x: V; keep: V | undefined } => {
  const scores: V[] = [];
  const value = (row: Row): V => {
    const pairs = (weights: readonly number[], values: readonly V[]): [number, V][] =>
      weights.map((w, i) => [w, values[i]!]);
    const terms: [number, V][] = [
      [row.x, x],
      ...pairs(row.s, scores),
      ...pairs(row.z, noises),
      ...pairs(row.kept, kept),
    ];
    return combine(terms.filter(([w]) => w !== 0));
  };
  for (const stage of plan.stages) scores.push(score(value(stage), stage.t));
  return { x: value(plan.result), keep: plan.keep && value(plan.keep) };
};

/**
 * The step of a sampler from t to u on any values; what a multistep sampler keeps goes into its past. `draw` gives the
 * n standard normals of the step.
 */
export const stepOver =
  <V>(process: GaussianProcess, sampler: Sampler, algebra: Algebra<V>, past: Past<V>) =>
  (x: V, t: number, u: number, draw: (n: number) => readonly V[]): V => {
    const plan = sampler(process, t, u, past.times());
    const out = runPlan(plan, algebra, x, draw(plan.noises), past.values());
    if (out.keep !== undefined) past.push(t, out.keep, plan.keep!.depth);
    return out.x;
  };
