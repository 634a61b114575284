import {
  dispose,
  type Scalar,
  scalar,
  type Tensor,
  tidy,
  type Variable,
  variable,
  variableGrads,
  zeros,
} from '@tensorflow/tfjs-core';
import { finite, reject } from '../errors.js';
import { finiteCheck } from '../solve/finite-check.js';
import { assign, flatten, type Layout, layout } from './flat.js';
import type { LearningRate } from './schedule.js';
import { type AdamConfig, adamDefaults, adamUpdate, type Moving, type StepScalars, stepScalars } from './update.js';

/** The loss of one batch, tensors in and a scalar out, at the current parameters. */
export type BatchLoss<Batch> = (batch: Batch) => Scalar;

/** Makes the same function run another way, such as compiled into one program. */
export type Wrap = <A extends unknown[], R>(fn: (...args: A) => R) => (...args: A) => R;

/** What a trainer holds between steps, as variables [P] that a compiled step can own. */
export type Slots = { readonly [K in keyof Moving]: Variable };

/** What a snapshot of a run holds of its trainer. */
export interface TrainerState {
  readonly slots: Slots;
  /** Steps taken. */
  readonly steps: number;
  /** Sets the count, after the slots were restored, and the network's variables to the slots. */
  restore(steps: number): void;
}

/** A network in training: it takes steps, and holds all that a run needs to go on. */
export interface Trainer<Batch> extends TrainerState {
  readonly layout: Layout;
  /** Takes one step; the caller disposes of the batch and of the loss. */
  step(batch: Batch): Scalar;
  /** Reads the losses that are not read yet. @throws RangeError when one is not finite, naming the step */
  check(): void;
  /** Runs with the averaged parameters in the network, and puts the trained ones back after. */
  withAverage<R>(run: () => R): R;
  /** Releases what it holds; the network stays. */
  dispose(): void;
}

/** What is trained, on which loss, and how fast. */
export interface TrainerOptions<Batch> {
  readonly parameters: ReadonlyMap<string, Variable>;
  readonly loss: BatchLoss<Batch>;
  readonly learningRate: LearningRate;
  /** What differs from `adamDefaults`. */
  readonly adam?: Partial<AdamConfig>;
  /** Wraps the whole step; all that varies reaches it as tensors. */
  readonly wrap?: Wrap;
  /** The losses of so many steps are read together, and the first that is not finite ends the run. 0 for no check; 32. */
  readonly checkEvery?: number;
}

/**
 * One training step: gradient, clipping, Adam, average. All that varies arrives as tensors and no value is read back,
 * so that a backend can trace it into a graph.
 */
export const trainStep = (
  into: Layout,
  slots: Slots,
  config: AdamConfig,
  loss: () => Scalar,
  scalars: StepScalars,
): Scalar =>
  tidy(() => {
    const { value, grads } = variableGrads(loss, [...into.variables]);
    const gradient = flatten(into.variables.map(v => grads[v.name]!));
    const next = adamUpdate(config, slots, gradient, scalars);
    slots.m.assign(next.m);
    slots.v.assign(next.v);
    slots.average.assign(next.average);
    slots.parameters.assign(next.parameters);
    assign(into, next.parameters);
    return value;
  });

const uploadScalars = ({ rate, epsilon, decay }: StepScalars<number>): StepScalars => ({
  rate: scalar(rate),
  epsilon: scalar(epsilon),
  decay: scalar(decay),
});

const makeSlots = (into: Layout): Slots =>
  tidy(() => {
    const first = flatten(into.variables);
    const slot = (value: Tensor) => variable(value, false);
    return { parameters: slot(first), average: slot(first), m: slot(zeros([into.size])), v: slot(zeros([into.size])) };
  });

/** Runs with the average in the network, and puts the trained parameters back, also after an error. */
const withAverage =
  (into: Layout, slots: Slots) =>
  <R>(inside: () => R): R => {
    assign(into, slots.average);
    try {
      return inside();
    } finally {
      assign(into, slots.parameters);
    }
  };

/** Trains a network's parameters in place, with Adam and a running average of the parameters. */
export const trainer = <Batch>(options: TrainerOptions<Batch>): Trainer<Batch> => {
  const { parameters, loss, learningRate, adam, wrap = fn => fn, checkEvery = 32 } = options;
  const config = { ...adamDefaults, ...adam };
  const into = layout(parameters);
  const slots = makeSlots(into);
  const run = wrap(function trainingStep(batch: Batch, scalars: StepScalars): Scalar {
    return trainStep(into, slots, config, () => loss(batch), scalars);
  });
  const check = finiteCheck(checkEvery, (step, value) =>
    reject(`the loss of step ${step}`, value, 'the data or the rate are wrong; go on from the last good checkpoint'),
  );
  let steps = 0;
  return {
    layout: into,
    slots,
    get steps() {
      return steps;
    },
    step: batch => {
      const scalars = uploadScalars(
        stepScalars(config, steps, finite(`the learning rate of step ${steps + 1}`, learningRate(steps))),
      );
      const value = run(batch, scalars);
      dispose(scalars);
      steps++;
      check.add(steps, value.clone());
      return value;
    },
    withAverage: withAverage(into, slots),
    restore: n => {
      steps = n;
      assign(into, slots.parameters);
    },
    check: check.read,
    dispose: () => {
      check.clear();
      dispose({ ...slots });
    },
  };
};
