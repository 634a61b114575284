import { gather, type Tensor, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { positive, reject } from '../errors.js';
import { drawn } from '../math/drawn.js';
import { sinkhorn } from '../math/sinkhorn.js';
import { squaredDistance } from '../math/squared-distance.js';
import type { Rng } from '../rng/rng.js';

/**
 * Which row of x_1 goes with each row of x_0: x_1 in the new order, [B, ...event]. Rows as they come are the independent
 * coupling, or the given one where pairs were drawn together.
 */
export type Coupling = (x0: Tensor, x1: Tensor, rng: Rng) => Tensor;

/** ‖x_i − y_j‖² for all rows, row after row. */
const squaredDistances = (x: Tensor, y: Tensor): Float64Array => {
  const [n, d] = [x.shape[0]!, x.size / x.shape[0]!];
  const [from, to] = [
    { d, values: x.dataSync() },
    { d, values: y.dataSync() },
  ];
  return Float64Array.from({ length: n * n }, (_, at) => squaredDistance(from, Math.floor(at / n), to, at % n));
};

/**
 * Optimal transport within a batch: each x_0 draws its x_1 from the entropic plan of the batch, so that pairs lie close
 * and both laws stay. The cheapest coupling of the laws is met as batches grow. [Pooladian 2023; Tong 2024]
 * It runs on the host, in rounds over B² numbers: for batches of some hundred rows.
 * @param regularisation ε of the plan over the mean squared distance; .05 unless given. A large one is the independent coupling
 */
export const optimalCoupling = (regularisation = 0.05): Coupling => {
  positive('regularisation', regularisation);
  return (x0, x1, rng) => {
    const n = x0.shape[0]!;
    if (x1.shape[0] !== n || x1.size !== x0.size)
      reject('the shape of x_1', x1.shape, `give that of x_0, [${x0.shape}]`);
    const cost = squaredDistances(x0, x1);
    const mean = cost.reduce((sum, c) => sum + c, 0) / cost.length;
    if (mean === 0) return x1.clone();
    const plan = sinkhorn(cost, n, regularisation * mean, { tolerance: 1e-2 });
    const partners = Int32Array.from(rng.uniforms(n), (u, i) => drawn(plan.subarray(i * n, (i + 1) * n), u / n));
    return tidy(() => gather(x1, tensor1d(partners, 'int32')));
  };
};
