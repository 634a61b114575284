import { addN, mul, type Tensor, tidy, zerosLike } from '@tensorflow/tfjs-core';
import type { Rng } from '../rng/rng.js';
import type { GaussianProcess, Score } from '../types.js';
import { type Memory, memoryKey } from './memory.js';
import { type Algebra, type Method, runPlan } from './plan.js';

/** A step that may remember values between the steps of one run; `solve` hands it the memory of the run. */
export type MemoryStep = (x: Tensor, t: number, u: number, rng: Rng, memory?: Memory) => Tensor;

/** The n standard normals of a step from t to u: by default fresh draws, otherwise a given Brownian path. */
export type Noise = (x: Tensor, t: number, u: number, n: number, rng: Rng) => Tensor[];

export const freshNoise: Noise = (x, _t, _u, n, rng) => Array.from({ length: n }, () => rng.normal(x.shape));

const scaled = ([w, v]: readonly [number, Tensor]): Tensor => (w === 1 ? v : mul(v, w));

/** Tensors as a plan sees them. */
export const tensorAlgebra = (score: Score, like: Tensor): Algebra<Tensor> => ({
  combine: terms => {
    if (terms.length === 0) return zerosLike(like);
    // A single term of weight 1 is passed on as it is; tidy frees only what was made here.
    return terms.length === 1 ? scaled(terms[0]!) : addN(terms.map(scaled));
  },
  score,
});

/**
 * The step x(t) → x(u) of a linear sampler: a few kernel launches beside the score.
 * @param noise where its standard normals come from
 */
export const linearStep = (
  process: GaussianProcess,
  score: Score,
  method: Method,
  noise: Noise = freshNoise,
): MemoryStep => {
  const key = memoryKey();
  return (x, t, u, rng, memory) =>
    tidy(() => {
      const past = memory?.read(key) ?? [];
      const plan = method(
        process,
        t,
        u,
        past.map(p => p.t),
      );
      const z = noise(x, t, u, plan.noises, rng);
      const out = runPlan(
        plan,
        tensorAlgebra(score, x),
        x,
        z,
        past.map(p => p.value),
      );
      if (out.keep !== undefined) memory?.push(key, t, out.keep);
      return out.x === x ? x.clone() : out.x;
    });
};
