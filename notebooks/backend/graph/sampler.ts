import {
  add,
  addN,
  div,
  fill,
  mul,
  reshape,
  split,
  sqrt,
  square,
  type Tensor,
  type Tensor1D,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Rng } from '../../../lib/rng/rng.js';
import type { Prediction } from '../../../lib/score/prediction.js';
import type { Apply } from '../../../lib/score/score.js';
import { batchNorm } from '../../../lib/solve/langevin.js';
import { type Method, type Plan, runPlan } from '../../../lib/solve/plan.js';
import type { GaussianProcess, State } from '../../../lib/types.js';
import { type CompileOptions, compile } from './compile.js';
import { imagesInParallel } from './parallel.js';
import { placed, scoreNumbers } from './places.js';

export interface SamplerOptions {
  readonly process: GaussianProcess;
  readonly prediction: Prediction;
  readonly apply: Apply;
  /** The predictor. */
  readonly method: Method;
  /** A Langevin move before each step, with this signal-to-noise ratio; α(t) is 1 unless told otherwise. */
  readonly corrector?: { readonly r: number; readonly alpha?: (t: number) => number };
  /** Steps in one program, 1 by default: more save dispatches, and take longer to compile. */
  readonly chunk?: number;
  readonly compile?: CompileOptions;
}

export interface CompiledSampler {
  /** Like `solve` of the library, with a state for each chunk: x [B, ...event] through the times. */
  run(x: Tensor, times: readonly number[], rng: Rng): Generator<State, void, undefined>;
  dispose(): void;
}

/** What a chunk takes from step to step: the state, and values that a multistep method kept, newest first. */
type Carry = { readonly x: Tensor; readonly kept: Tensor[] };

/** How many values a multistep method may look back on. */
const DEPTH = 2;

/** s = state · x + output · F(input · x, label), the numbers at four places of w. */
const scoreAt = (apply: Apply, w: readonly Tensor[], first: number, x: Tensor): Tensor => {
  const [state, output, input, label] = w.slice(first - 1, first + 3) as [Tensor, Tensor, Tensor, Tensor];
  const labels = mul(fill([x.shape[0] ?? 1], 1), label) as Tensor1D;
  return add(mul(state, x), mul(output, apply(mul(input, x), labels)));
};

/** A Langevin move by the ratio 2α r² at place 1, with its score at place 2. [Song 2021, algorithms 4 and 5] */
const correct = (apply: Apply, w: readonly Tensor[], x: Tensor, rng: Rng): Tensor => {
  const z = rng.normal(x.shape);
  const s = scoreAt(apply, w, 2, x);
  const e = mul(square(div(batchNorm(z), batchNorm(s))), w[0]!);
  return add(x, add(mul(e, s), mul(sqrt(mul(e, 2)), z)));
};

const predict = (apply: Apply, plan: Plan, w: readonly Tensor[], { x, kept }: Carry, rng: Rng): Carry => {
  const noises = Array.from({ length: plan.noises }, () => rng.normal(x.shape));
  const combine = (terms: readonly (readonly [number, Tensor])[]) =>
    addN(terms.map(([place, value]) => mul(value, w[place - 1]!)));
  const score = (y: Tensor, place: number) => scoreAt(apply, w, place, y);
  const next = runPlan(plan, { combine, score }, x, noises, kept);
  return { x: next.x, kept: next.keep ? [next.keep, ...kept].slice(0, DEPTH) : [] };
};

/** The steps of a chunk, and the coefficients of each as a row. */
interface Chunk {
  readonly plan: Plan;
  readonly rows: readonly (readonly number[])[];
}

const CORRECTION = 5;

const coefficients = (options: SamplerOptions, t: number, u: number, past: readonly number[]) => {
  const { process, prediction, method, corrector } = options;
  const numbers = (at: number) => scoreNumbers(process, prediction, at);
  const { plan, values } = placed(method(process, t, u, past), numbers);
  const { r, alpha = () => 1 } = corrector ?? { r: 0 };
  const correction = corrector ? [2 * alpha(t) * r * r, ...numbers(t)] : [];
  return { plan, row: [...correction, ...values] };
};

/** As many of the next steps as share one plan, up to the length of a chunk. */
const nextChunk = (options: SamplerOptions, times: readonly number[], from: number, past: number[]): Chunk => {
  const rows: number[][] = [];
  let plan: Plan | undefined;
  for (let i = from; i + 1 < times.length && rows.length < (options.chunk ?? 1); i++) {
    const step = coefficients(options, times[i]!, times[i + 1]!, past);
    if (plan && JSON.stringify(plan) !== JSON.stringify(step.plan)) break;
    plan = step.plan;
    rows.push(step.row);
    if (plan.keep) past.splice(0, past.length, times[i]!, ...past.slice(0, DEPTH - 1));
  }
  return { plan: plan!, rows };
};

/**
 * A sampler whose steps are programs: network, corrector, predictor and random numbers in one, with the coefficients of
 * the times as input. With a stream of `deviceRng` nothing crosses between host and device but those coefficients.
 */
export const compileSampler = (options: SamplerOptions): CompiledSampler => {
  const { corrector } = options;
  const apply = imagesInParallel(options.apply);
  const steps = compile(
    function samplerSteps(carry: Carry, table: Tensor, plan: Plan, rng: Rng): Carry {
      return tidy(() => {
        const [n, k] = table.shape as [number, number];
        const all = split(reshape(table, [n * k]), n * k).map(w => reshape(w, []));
        return Array.from({ length: n }, (_, i) => all.slice(i * k, (i + 1) * k)).reduce((state, w) => {
          const x = corrector ? correct(apply, w, state.x, rng) : state.x;
          return predict(apply, plan, corrector ? w.slice(CORRECTION) : w, { x, kept: state.kept }, rng);
        }, carry);
      });
    },
    { report: () => {}, ...options.compile },
  );
  function* run(x: Tensor, times: readonly number[], rng: Rng): Generator<State, void, undefined> {
    let carry: Carry = { x: x.clone(), kept: [] };
    const past: number[] = [];
    const release = (old: Carry, next?: Carry) => {
      for (const tensor of [old.x, ...old.kept]) if (!next?.kept.includes(tensor)) tensor.dispose();
    };
    try {
      for (let step = 0; ; ) {
        yield { step, t: times[step]!, x: carry.x };
        if (step + 1 >= times.length) return;
        const { plan, rows } = nextChunk(options, times, step, past);
        const table = tensor2d(Float32Array.from(rows.flat()), [rows.length, rows[0]!.length]);
        const next = steps(carry, table, plan, rng);
        table.dispose();
        release(carry, next);
        carry = next;
        step += rows.length;
      }
    } finally {
      release(carry);
    }
  }
  return { run, dispose: () => steps.dispose() };
};
