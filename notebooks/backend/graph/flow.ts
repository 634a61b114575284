import { add, mul, type Tensor, type Tensor1D, tensor1d, valueAndGrad } from '@tensorflow/tfjs-core';
import type { Flow } from '../../../lib/adaptive/flow.js';
import { noNoise, reverseCoefficients } from '../../../lib/process/reverse.js';
import { rowDot, scaleRows } from '../../../lib/rows.js';
import type { Prediction } from '../../../lib/score/prediction.js';
import type { Apply } from '../../../lib/score/score.js';
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
    const drift = reverseCoefficients(process, t, noNoise);
    return { linear: drift.state + drift.score * state, network: drift.score * output, input, label };
  });
  const column = (of: (row: (typeof table)[number]) => number) => tensor1d(Float32Array.from(table, of));
  return {
    linear: column(r => r.linear),
    network: column(r => r.network),
    input: column(r => r.input),
    label: column(r => r.label),
  };
};

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
    const output = (y: Tensor) => network(scaleRows(y, rows.input), rows.label);
    const { value, grad } = valueAndGrad(output)(x, v);
    const velocity = add(scaleRows(x, rows.linear), scaleRows(value, rows.network));
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
