import {
  addN,
  concat,
  mul,
  reshape,
  type Scalar,
  split,
  type Tensor,
  tidy,
  type Variable,
  variableGrads,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { flatten, type Layout, unflatten } from './flat.js';
import { vectorNorm } from './transform.js';
import { type StepNumbers, type Update, updateVectors } from './update.js';

/** The loss of one batch, tensors in and a scalar out, at the current parameters. */
export type BatchLoss<Batch> = (batch: Batch) => Scalar;

/** Makes the same function run another way, such as compiled into one program. */
export type Wrap = <A extends unknown[], R>(fn: (...args: A) => R) => (...args: A) => R;

/** What a trainer holds between steps, by name: variables [P] that a compiled step can own. */
export type Slots = Readonly<Record<string, Variable>>;

/** What a step reads and writes. */
export interface Held {
  readonly into: Layout;
  readonly update: Update;
  readonly slots: Slots;
  readonly norm: Variable;
}

/** A step: parts of a batch of one size, and the numbers of the update, to the mean loss. */
export type TrainingStep<Batch> = (parts: readonly Batch[], numbers: StepNumbers) => Scalar;

type Measured = {
  readonly value: Scalar;
  /** [P]. */
  readonly gradient: Tensor;
};

const lossAndGradient = (into: Layout, loss: () => Scalar): Measured => {
  const { value, grads } = variableGrads(loss, [...into.variables]);
  // A parameter that this loss does not reach, such as the uncertainty of a network trained without, has none.
  return { value, gradient: flatten(into.variables.map(v => grads[v.name] ?? zerosLike(v))) };
};

const average = (parts: readonly Tensor[]): Tensor =>
  parts.length === 1 ? parts[0]! : mul(addN([...parts]), 1 / parts.length);

const measure = <Batch>(into: Layout, loss: BatchLoss<Batch>, batches: readonly Batch[]): Measured => {
  const parts = batches.map(batch => tidy(() => lossAndGradient(into, () => loss(batch))));
  return {
    value: average(parts.map(part => part.value)) as Scalar,
    gradient: average(parts.map(part => part.gradient)),
  };
};

const follow = ({ into, update, slots, norm }: Held, gradient: Tensor, numbers: StepNumbers): void => {
  norm.assign(vectorNorm(gradient));
  const next = updateVectors(update, slots, gradient, numbers);
  const parameters = unflatten(into, next.parameters!);
  // No operation from here on: an interrupt, which ends one, leaves the state before the step or the one after it.
  for (const [name, slot] of Object.entries(slots)) slot.assign(next[name]!);
  for (const [i, v] of into.variables.entries()) v.assign(parameters[i]!);
};

/**
 * One training step: gradient, update, averages. All that varies arrives as tensors and no value is read back, so that a
 * backend can trace it into a graph.
 */
export const trainingStep = <Batch>(held: Held, loss: BatchLoss<Batch>): TrainingStep<Batch> =>
  function trainingStep(parts, numbers) {
    return tidy(() => {
      const { value, gradient } = measure(held.into, loss, parts);
      follow(held, gradient, numbers);
      return value;
    });
  };

/**
 * The step of one of several that train together: between gradient and update `reduce` takes the means over all. It waits
 * for the others, so that it stands between two wrapped functions rather than in one.
 */
export const sharedStep = <Batch>(
  held: Held,
  loss: BatchLoss<Batch>,
  wrap: Wrap,
  reduce: (vector: Tensor) => Tensor,
): TrainingStep<Batch> => {
  const measured = wrap(function gradientOfPart(parts: readonly Batch[]): Tensor {
    return tidy(() => {
      const { value, gradient } = measure(held.into, loss, parts);
      return concat([gradient, reshape(value, [1])]); // [P + 1]
    });
  });
  const updated = wrap(function updateByMean(mean: Tensor, numbers: StepNumbers): Scalar {
    return tidy(() => {
      const [gradient, value] = split(mean, [held.into.size, 1]);
      follow(held, gradient!, numbers);
      return reshape(value!, []) as Scalar;
    });
  });
  return (parts, numbers) => tidy(() => updated(reduce(measured(parts)), numbers));
};
