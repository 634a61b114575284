import { add, mul, reshape, sum, type Tensor, type Tensor1D, tensor1d, valueAndGrad } from '@tensorflow/tfjs-core';
import { scaleRows } from '../../../lib/broadcast.js';
import type { Prediction } from '../../../lib/score/prediction.js';
import type { Apply } from '../../../lib/score/score.js';
import type { Flow } from '../../../lib/solve/flow.js';
import type { GaussianProcess } from '../../../lib/types.js';
import { type CompileOptions, compile } from './compile.js';
import { imagesInParallel } from './parallel.js';
import { scoreNumbers } from './places.js';

/** A number for each row, at the times of the rows: velocity = linear · x + network · F(input · x, label). */
interface Rows {
  readonly linear: Tensor1D;
  readonly network: Tensor1D;
  readonly input: Tensor1D;
  readonly label: Tensor1D;
}

const rowsAt = (process: GaussianProcess, prediction: Prediction, times: readonly number[]): Rows => {
  const table = times.map(t => {
    const [state, output, input, label] = scoreNumbers(process, prediction, t) as [number, number, number, number];
    const half = -0.5 * process.g(t) ** 2;
    return { linear: process.f(t) + half * state, network: half * output, input, label };
  });
  const column = (of: (row: (typeof table)[number]) => number) => tensor1d(Float32Array.from(table, of));
  return {
    linear: column(r => r.linear),
    network: column(r => r.network),
    input: column(r => r.input),
    label: column(r => r.label),
  };
};

const rowDot = (x: Tensor, y: Tensor): Tensor1D => sum(reshape(mul(x, y), [x.shape[0]!, -1]), 1) as Tensor1D;

/**
 * The probability flow and vᵀ(∂velocity/∂x)v beside it, as one program: what the log likelihood integrates, with one
 * evaluation of the network for both. [Song 2021, eq. 39 and 40]
 */
export const compileFlow = (
  process: GaussianProcess,
  prediction: Prediction,
  apply: Apply,
  options: CompileOptions = {},
): { along(direction: Tensor): Flow; dispose(): void } => {
  const network = imagesInParallel(apply);
  const evaluate = compile(function flowWithDivergence(x: Tensor, v: Tensor, rows: Rows) {
    const output = (y: Tensor) => network(scaleRows(rows.input, y), rows.label);
    const { value, grad } = valueAndGrad(output)(x, v);
    const velocity = add(scaleRows(rows.linear, x), scaleRows(rows.network, value));
    const divergence = add(mul(rows.linear, rowDot(v, v)), mul(rows.network, rowDot(grad, v)));
    return [velocity, divergence];
  }, options);
  const along =
    (direction: Tensor): Flow =>
    ([x], times) => {
      const rows = rowsAt(process, prediction, times);
      const out = evaluate(x!, direction, rows);
      for (const row of Object.values(rows)) row.dispose();
      return out;
    };
  return { along, dispose: () => evaluate.dispose() };
};
