import { add, gather, grad, keep, sum, type Tensor, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { monotone, reject, sameShape, within } from '../errors.js';
import { logSumExp } from '../math/log-sum-exp.js';
import type { Rng } from '../rng/rng.js';
import { rowDot, shapedScore } from '../rows.js';
import { type Plan, runPlan, type Sampler } from '../samplers/plan.js';
import { iterate, tensorAlgebra } from '../solve/index.js';
import type { GaussianProcess, Score } from '../types.js';
import type { LogCondition } from './guidance.js';

/** Weighted samples: x [N, ...event], which lives until the next state is asked for, and weights that sum to 1. */
export interface Particles {
  readonly t: number;
  readonly x: Tensor;
  readonly weights: Float64Array;
  /** The logarithm of an unbiased estimate of E ψ: at the end, of p(y) where ψ is a likelihood. */
  readonly logEvidence: number;
  /** 1/Σ w²: as many independent particles would be worth as much, from 1 to N. */
  readonly effective: number;
}

/** How particles move, and when they are drawn anew. */
export interface SteerOptions {
  /** Whether steps follow s + ∇log ψ, and weights make up for it. Without, ψ enters by weights alone. Default true. */
  readonly guided?: boolean;
  /** Particles are drawn anew where fewer than this part of them are effective. Default ½. */
  readonly resampleBelow?: number;
}

/** N places of N weights that sum to 1, each taken ⌊Nw⌋ or ⌈Nw⌉ times, by one uniform number: systematic resampling. */
export const systematic = (weights: Float64Array, uniform: number): Int32Array => {
  let [place, reached] = [0, weights[0]!];
  return Int32Array.from(weights, (_, i) => {
    while (reached < (i + uniform) / weights.length && place < weights.length - 1) reached += weights[++place]!;
    return place;
  });
};

/** a, b and c of a step x′ = a x + b s + c z. */
const onlyStep = ({ stages, result, keep: keeps, noises }: Plan): { b: number; c: number } => {
  const [b, c] = [result.s[0] ?? 0, result.z[0] ?? 0];
  if (stages.length !== 1 || noises > 1 || keeps) {
    reject('the sampler', `one of ${stages.length} evaluations and ${noises} noises`, 'take one with a Gaussian step');
  }
  return { b, c };
};

/** log ψ of each particle, on the host, and its gradient. */
const potentialAt = (logPotential: LogCondition, x: Tensor, t: number, sloped: boolean) => {
  let values: Tensor | undefined;
  const total = (state: Tensor): Tensor => {
    const logs = logPotential(state, t);
    sameShape('log ψ', logs.shape, [x.shape[0]!]);
    values = keep(logs.clone());
    return sum(logs);
  };
  const slope = sloped ? grad(total)(x) : undefined;
  if (!sloped) total(x);
  const logs = Float64Array.from(values!.dataSync());
  values!.dispose();
  const bad = logs.find(v => !(v < Number.POSITIVE_INFINITY));
  if (bad !== undefined) reject(`log ψ at t = ${t}`, bad, 'a number below infinity is expected');
  return { logs, slope };
};

/** Weights that sum to 1, and the logarithm of what they summed to. */
const normalised = (logWeights: Float64Array, t: number): { weights: Float64Array; log: number } => {
  const log = logSumExp(logWeights);
  if (log === Number.NEGATIVE_INFINITY) reject(`ψ at t = ${t}`, 0, 'no particle is possible; take more, or a wider ψ');
  return { weights: logWeights.map(v => Math.exp(v - log)), log };
};

interface Cloud extends Particles {
  /** Logarithms of the weights before ψ_t, and log ψ_t: they are multiplied in once the time is reached. */
  readonly logs: Float64Array;
  readonly slope: Tensor | undefined;
}

/** Keeps a cloud's tensors and frees whatever else its making took. */
const kept = (make: () => Cloud): Cloud => {
  let cloud: Cloud | undefined;
  tidy(() => {
    cloud = make();
    keep(cloud.x);
    if (cloud.slope) keep(cloud.slope);
  });
  return cloud!;
};

/**
 * Sequential Monte Carlo along a sampler: particles of p_t ψ_t for every t, so that in the end they stand for p ψ, where
 * ψ is a likelihood or exp(reward). Whatever ψ_t was before, the result is unbiased with respect to the sampler's own
 * law, and its error falls with 1/√N. Steps so long that the sampler's variances are off give guided steps weights with
 * heavy tails. [Wu 2023, algorithm 1; Singhal 2025 for rewards]
 * @param x [N, ...event], drawn from the prior
 * @param times fall; at the last one ψ has to be what is wanted itself
 * @param logPotential log ψ_t(x), [N], such as log p(y | x̂_0(x_t)); differentiable unless `guided` is off
 * @throws RangeError where no particle is possible, or the sampler's step is no Gaussian one
 */
export function* steer(
  process: GaussianProcess,
  score: Score,
  sampler: Sampler,
  logPotential: LogCondition,
  x: Tensor,
  times: readonly number[],
  rng: Rng,
  { guided = true, resampleBelow = 0.5 }: SteerOptions = {},
): Generator<Particles, void, undefined> {
  monotone('times', times, -1);
  within('resampleBelow', resampleBelow, 0, 1);
  const shaped = shapedScore(score);
  const n = x.shape[0]!;
  /** The particles at time t, weighted by ψ_t on top of what they carry. */
  const weighted = (state: Tensor, t: number, carried: Float64Array, logBefore: number): Cloud => {
    const { logs, slope } = potentialAt(logPotential, state, t, guided && t > times.at(-1)!);
    const { weights, log } = normalised(
      carried.map((v, i) => v + logs[i]!),
      t,
    );
    const effective = 1 / weights.reduce((total, w) => total + w * w, 0);
    return { t, x: state, weights, logs, slope, logEvidence: logBefore + log, effective };
  };
  const advance = (cloud: Cloud, i: number): Cloud =>
    kept(() => {
      const [t, u] = [times[i - 1]!, times[i]!];
      let { x: state, slope, weights, logs } = cloud;
      if (cloud.effective < resampleBelow * n) {
        const chosen = systematic(weights, rng.uniforms(1)[0]!);
        const indices = tensor1d(chosen, 'int32');
        [state, slope] = [gather(state, indices), slope && gather(slope, indices)];
        logs = Float64Array.from(chosen, place => logs[place]!);
        weights = new Float64Array(n).fill(1 / n);
      }
      const plan = sampler(process, t, u, []);
      const { b, c } = onlyStep(plan);
      const z = rng.normal(state.shape);
      const pull = c === 0 ? undefined : slope;
      const followed: Score = (at, time) => (pull ? add(shaped(at, time), pull) : shaped(at, time));
      const { x: next } = runPlan(plan, tensorAlgebra(followed, state), state, [z]);
      // log p(x′ | x) − log q(x′ | x) for x′ = mean + b ∇log ψ + c z.
      const [along, size] = pull ? [rowDot(pull, z).dataSync(), rowDot(pull, pull).dataSync()] : [];
      const carried = weights.map((w, k) => {
        const moved = along && size ? -(b / c) * along[k]! - (b * b * size[k]!) / (2 * c * c) : 0;
        return Math.log(w) - logs[k]! + moved;
      });
      return weighted(next, u, carried, cloud.logEvidence);
    });
  const release = ({ x: state, slope }: Cloud): void => {
    state.dispose();
    slope?.dispose();
  };
  const start = kept(() => weighted(x.clone(), times[0]!, new Float64Array(n).fill(-Math.log(n)), 0));
  for (const { t, x: state, weights, logEvidence, effective } of iterate(
    start,
    i => i < times.length,
    advance,
    release,
  )) {
    yield { t, x: state, weights, logEvidence, effective };
  }
}
