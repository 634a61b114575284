import {
  add,
  exp,
  mean,
  mul,
  type Scalar,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  tensor,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core';
import { sameShape } from '../errors.js';
import { stratifiedTimes, type TimeDistribution, uniformDistribution } from '../loss/times.js';
import { drawn } from '../math/drawn.js';
import type { Rng } from '../rng/rng.js';
import { type JumpProcess, jumpKernel } from './jump-process.js';

/** K(a) = a (log a − 1), with which a score entropy is 0 at its least. */
const offset = (a: number): number => (a === 0 ? 0 : a * (Math.log(a) - 1));

/** What a score entropy weighs at one place: β Q[y][x] and P(x_t = y | x_0)/P(x_t = x | x_0), for all y. */
export const entropyRow = (
  process: JumpProcess,
  kernel: readonly (readonly number[])[],
  x0: number,
  x: number,
  t: number,
) => {
  const beta = process.noise.beta(t);
  const weight = process.rates.map((row, y) => (x === y ? 0 : beta * row[x]!));
  return { weight, ratio: kernel[x0]!.map(v => v / kernel[x0]![x]!) };
};

/** Words with jumps in them, and what the loss reads; `dispose` of TensorFlow.js takes it whole. */
export type JumpBatch = {
  /** x_t, [B, L]. */
  readonly x: Tensor;
  readonly label: Tensor1D;
  /** β Q[y][x] over the density of the time, 0 at y = x: [B, L, n]. */
  readonly weight: Tensor;
  /** P(x_t = y | x_0)/P(x_t = x | x_0): [B, L, n]. */
  readonly ratio: Tensor;
  /** Σ weight K(ratio) of each word, which no network changes: [B]. */
  readonly least: Tensor1D;
};

/**
 * A batch for these words, each at its own time and each place jumping by itself.
 * @param x0 rows of L states, end to end
 */
export const jumpBatch = (
  process: JumpProcess,
  x0: ArrayLike<number>,
  L: number,
  rng: Rng,
  distribution: TimeDistribution = uniformDistribution(1e-3 * process.T, process.T),
): JumpBatch => {
  const [B, n] = [x0.length / L, process.rates.length];
  const times = stratifiedTimes(distribution, B, rng);
  const uniforms = rng.uniforms(B * L);
  const x = new Int32Array(B * L);
  const [weight, ratio] = [new Float32Array(B * L * n), new Float32Array(B * L * n)];
  const least = new Float32Array(B);
  for (let b = 0; b < B; b++) {
    const kernel = jumpKernel(process, 0, times[b]!);
    for (let at = b * L; at < (b + 1) * L; at++) {
      x[at] = drawn(kernel[x0[at]!]!, uniforms[at]!);
      const row = entropyRow(process, kernel, x0[at]!, x[at]!, times[b]!);
      for (let y = 0; y < n; y++) {
        const [w, a] = [row.weight[y]! / distribution.density(times[b]!), row.ratio[y]!];
        weight[at * n + y] = w;
        ratio[at * n + y] = w === 0 ? 0 : a; // a ratio without weight may be infinite
        least[b]! += w === 0 ? 0 : w * offset(a);
      }
    }
  }
  return {
    x: tensor(x, [B, L], 'int32'),
    label: tensor1d(Float32Array.from(times)),
    weight: tensor(weight, [B, L, n]),
    ratio: tensor(ratio, [B, L, n]),
    least: tensor1d(least),
  };
};

/** Log ratios of a network, [B, L, n], for words [B, L] and labels [B]. */
export type JumpApply = (x: Tensor, label: Tensor1D) => Tensor;

/**
 * Denoising score entropy, the mean over words of Σ weight (e^l − ratio l + K(ratio)), l the network's log ratios. It is least, over all
 * networks, at l = log p_t(y)/p_t(x), and bounds the negative log-likelihood. [Lou 2024]
 */
export const scoreEntropyOf =
  (apply: JumpApply) =>
  ({ x, label, weight, ratio, least }: JumpBatch): Scalar =>
    tidy(() => {
      const logs = apply(x, label);
      sameShape('the output of the network', logs.shape, weight.shape);
      const terms = mul(weight, sub(exp(logs), mul(ratio, logs)));
      return mean(add(sum(terms, [1, 2]), least)) as Scalar;
    });
