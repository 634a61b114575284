import { addN, mul, type Tensor, tidy, zerosLike } from '@tensorflow/tfjs-core';
import { within } from '../errors.js';
import type { Rng } from '../rng/rng.js';
import { shapedScore } from '../rows.js';
import { type Corrector, langevinMove } from '../samplers/langevin.js';
import { createPast } from '../samplers/past.js';
import { type Algebra, type Sampler, stepOver } from '../samplers/plan.js';
import type { GaussianProcess, Score } from '../types.js';
import { type Memory, memoryKey } from './memory.js';

/**
 * x(t) → x(u), both [B, ...event]. Predictors move the time; correctors stay and act at t. The caller owns x and the
 * result. A step may remember values between the steps of one run; `solve` hands it the memory of the run.
 */
export type Step = (x: Tensor, t: number, u: number, rng: Rng, memory?: Memory) => Tensor;

/** The n standard normals of a step from t to u: by default fresh draws, otherwise a given Brownian path. */
export type Noise = (x: Tensor, t: number, u: number, n: number, rng: Rng) => Tensor[];

/** Fresh draws, each shaped like x. */
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
 * The step x(t) → x(u) of a sampler on tensors: a few kernel launches beside the score.
 * @param noise where its standard normals come from
 */
export const predictor = (
  process: GaussianProcess,
  score: Score,
  sampler: Sampler,
  noise: Noise = freshNoise,
): Step => {
  const key = memoryKey();
  const shaped = shapedScore(score);
  return (x, t, u, rng, memory) =>
    tidy(() => {
      within(
        'the end of a step',
        u,
        0,
        t,
        'samplers run backwards; a forward run is an Itô process, see eulerMaruyamaIto',
      );
      const step = stepOver(process, sampler, tensorAlgebra(shaped, x), memory?.of(key) ?? createPast<Tensor>());
      const out = step(x, t, u, n => noise(x, t, u, n, rng));
      return out === x ? x.clone() : out;
    });
};

/** The step of a corrector: it moves x towards p_t and leaves the time where it is. */
export const corrector = (process: GaussianProcess, score: Score, { ratio, norm }: Corrector): Step => {
  const shaped = shapedScore(score);
  return (x, t, _u, rng) =>
    tidy(() => {
      const z = rng.normal(x.shape);
      return langevinMove(norm, x, shaped(x, t), z, ratio(process, t));
    });
};
