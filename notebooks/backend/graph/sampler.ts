import {
  add,
  addN,
  fill,
  mul,
  reshape,
  split,
  type Tensor,
  type Tensor1D,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Rng } from '../../../lib/rng/rng.js';
import { type Corrector, langevinMove } from '../../../lib/samplers/langevin.js';
import { createPast, type Past } from '../../../lib/samplers/past.js';
import { type Plan, runPlan, type Sampler } from '../../../lib/samplers/plan.js';
import type { Prediction } from '../../../lib/score/prediction.js';
import type { Apply } from '../../../lib/score/score.js';
import { iterate } from '../../../lib/solve/iterate.js';
import type { State } from '../../../lib/solve/solve.js';
import type { GaussianProcess } from '../../../lib/types.js';
import { type CompileOptions, compile } from './compile.js';
import { imagesInParallel } from './parallel.js';
import { placed, scoreNumbers } from './places.js';

export interface SamplerOptions {
  readonly process: GaussianProcess;
  readonly prediction: Prediction;
  readonly apply: Apply;
  /** The predictor. */
  readonly sampler: Sampler;
  /** A move before each step of the predictor. */
  readonly corrector?: Corrector;
  /** Steps in one program, 1 by default: more save dispatches, and take longer to compile. */
  readonly chunk?: number;
  readonly compile?: CompileOptions;
}

export interface CompiledSampler {
  /** Like `solve` of the library, with a state for each chunk: x [B, ...event] through the times. */
  run(x: Tensor, times: readonly number[], rng: Rng): Generator<State, void, undefined>;
  dispose(): void;
}

/** What a chunk takes from step to step: the state, and values that a multistep sampler kept, newest first. */
type Carry = { readonly x: Tensor; readonly kept: Tensor[] };

/** s = state · x + output · F(input · x, label), the numbers at four places of w. */
const scoreAt = (apply: Apply, w: readonly Tensor[], first: number, x: Tensor): Tensor => {
  const [state, output, input, label] = w.slice(first - 1, first + 3) as [Tensor, Tensor, Tensor, Tensor];
  const labels = mul(fill([x.shape[0] ?? 1], 1), label) as Tensor1D;
  return add(mul(state, x), mul(output, apply(mul(input, x), labels)));
};

/** The corrector's move with its ratio at place 1 and its score at place 2. */
const correct = ({ norm }: Corrector, apply: Apply, w: readonly Tensor[], x: Tensor, rng: Rng): Tensor => {
  const z = rng.normal(x.shape);
  return langevinMove(norm, x, scoreAt(apply, w, 2, x), z, w[0]!);
};

const predict = (apply: Apply, plan: Plan, w: readonly Tensor[], { x, kept }: Carry, rng: Rng): Carry => {
  const noises = Array.from({ length: plan.noises }, () => rng.normal(x.shape));
  const combine = (terms: readonly (readonly [number, Tensor])[]) =>
    addN(terms.map(([place, value]) => mul(value, w[place - 1]!)));
  const score = (y: Tensor, place: number) => scoreAt(apply, w, place, y);
  const next = runPlan(plan, { combine, score }, x, noises, kept);
  return { x: next.x, kept: next.keep ? [next.keep, ...kept].slice(0, plan.keep!.depth) : [] };
};

/** The steps of a chunk: their plan, the coefficients of each as a row, and the index of the time where they end. */
interface Chunk {
  readonly plan: Plan;
  readonly rows: readonly (readonly number[])[];
  readonly end: number;
}

/** The numbers of a corrector's move: its ratio and the four of its score. */
const CORRECTION = 5;

const coefficients = (options: SamplerOptions, t: number, u: number, past: Past<null>) => {
  const { process, prediction, sampler, corrector } = options;
  const numbers = (at: number) => scoreNumbers(process, prediction, at);
  const { plan, values } = placed(sampler(process, t, u, past.times()), numbers);
  if (plan.keep) past.push(t, null, plan.keep.depth);
  const correction = corrector ? [corrector.ratio(process, t), ...numbers(t)] : [];
  return { plan, row: [...correction, ...values] };
};

/** The run cut into chunks, each of consecutive steps that share one plan, up to the length of a chunk. */
const chunksOf = (options: SamplerOptions, times: readonly number[]): Chunk[] => {
  const past = createPast<null>();
  const chunks: { plan: Plan; rows: number[][]; end: number }[] = [];
  for (let i = 1; i < times.length; i++) {
    const { plan, row } = coefficients(options, times[i - 1]!, times[i]!, past);
    const last = chunks.at(-1);
    const fits = last && last.rows.length < (options.chunk ?? 1) && JSON.stringify(last.plan) === JSON.stringify(plan);
    if (!fits) chunks.push({ plan, rows: [row], end: i });
    else {
      last.rows.push(row);
      last.end = i;
    }
  }
  return chunks;
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
          const x = corrector ? correct(corrector, apply, w, state.x, rng) : state.x;
          return predict(apply, plan, corrector ? w.slice(CORRECTION) : w, { x, kept: state.kept }, rng);
        }, carry);
      });
    },
    { report: () => {}, ...options.compile },
  );
  function* run(x: Tensor, times: readonly number[], rng: Rng): Generator<State, void, undefined> {
    const chunks = chunksOf(options, times);
    const advance = (carry: Carry, i: number): Carry => {
      const { plan, rows } = chunks[i - 1]!;
      const table = tensor2d(Float32Array.from(rows.flat()), [rows.length, rows[0]!.length]);
      const next = steps(carry, table, plan, rng);
      table.dispose();
      return next;
    };
    const release = (old: Carry, next?: Carry): void => {
      for (const tensor of [old.x, ...old.kept]) if (!next?.kept.includes(tensor)) tensor.dispose();
    };
    const first: Carry = { x: x.clone(), kept: [] };
    let i = 0;
    for (const { x: state } of iterate(first, n => n <= chunks.length, advance, release)) {
      const step = chunks[i++ - 1]?.end ?? 0;
      yield { step, t: times[step]!, x: state };
    }
  }
  return { run, dispose: () => steps.dispose() };
};
