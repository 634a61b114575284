import {
  addN,
  dispose,
  mul,
  type Scalar,
  scalar,
  type Tensor,
  tidy,
  type Variable,
  variable,
  variableGrads,
  zeros,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { reject } from '../errors.js';
import { finiteCheck } from '../solve/finite-check.js';
import { type Average, exponentialAverage } from './average.js';
import { assign, flatten, type Layout, layout, unflatten } from './flat.js';
import type { LearningRate } from './schedule.js';
import { adam, chain, clip, type Transform, vectorNorm } from './transform.js';
import { type StepNumbers, stepNumbers, type Update, updateVectors, vectorNames } from './update.js';

/** The loss of one batch, tensors in and a scalar out, at the current parameters. */
export type BatchLoss<Batch> = (batch: Batch) => Scalar;

/** Makes the same function run another way, such as compiled into one program. */
export type Wrap = <A extends unknown[], R>(fn: (...args: A) => R) => (...args: A) => R;

/** What a trainer holds between steps, by name: variables [P] that a compiled step can own. */
export type Slots = Readonly<Record<string, Variable>>;

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
  /**
   * Takes one step; the caller disposes of the batch and of the mean loss. Several parts of a batch, of one size, go
   * through the network one after the other, and their gradients are averaged: for batches that memory does not hold.
   */
  step(...parts: readonly Batch[]): Scalar;
  /** ‖gradient‖ of the last step, before any clipping; reads it from the device. */
  gradientNorm(): number;
  /** Reads the losses that are not read yet. @throws RangeError when one is not finite, naming the step */
  check(): void;
  /** Where the last good state is kept, in words. */
  lastGood(): string;
  /** Runs with averaged parameters in the network, the first average's by default, and puts the trained ones back after. */
  withAverage<R>(run: () => R, name?: string): R;
  /** Releases what it holds; the network stays. */
  dispose(): void;
}

/** What is trained, on which loss, and how fast. */
export interface TrainerOptions<Batch> {
  readonly parameters: ReadonlyMap<string, Variable>;
  readonly loss: BatchLoss<Batch>;
  readonly learningRate: LearningRate;
  /** From the gradient to the update; gradients clipped to 1 and Adam unless given, as in Song 2021, app. G. */
  readonly optimiser?: Transform;
  /** Averages of the parameters; one of decay .999 unless given. */
  readonly averages?: readonly Average[];
  /** Wraps the whole step; all that varies reaches it as tensors. */
  readonly wrap?: Wrap;
  /** The losses of so many steps are read together, and the first that is not finite ends the run. 0 for no check; 32. */
  readonly checkEvery?: number;
  /** Where the last good state is kept, for the error that ends a run. */
  readonly lastGood?: () => string;
}

/** What a step reads and writes. */
interface Held {
  readonly into: Layout;
  readonly slots: Slots;
  readonly norm: Variable;
}

const lossAndGradient = (into: Layout, loss: () => Scalar): { value: Scalar; gradient: Tensor } => {
  const { value, grads } = variableGrads(loss, [...into.variables]);
  // A parameter that this loss does not reach, such as the uncertainty of a network trained without, has none.
  return { value, gradient: flatten(into.variables.map(v => grads[v.name] ?? zerosLike(v))) };
};

const average = (parts: readonly Tensor[]): Tensor =>
  parts.length === 1 ? parts[0]! : mul(addN([...parts]), 1 / parts.length);

/**
 * One training step: gradient, update, averages. All that varies arrives as tensors and no value is read back, so that a
 * backend can trace it into a graph.
 */
const trainStep = (
  { into, slots, norm }: Held,
  update: Update,
  losses: readonly (() => Scalar)[],
  numbers: StepNumbers,
): Scalar =>
  tidy(() => {
    const parts = losses.map(loss => tidy(() => lossAndGradient(into, loss)));
    const value = average(parts.map(part => part.value)) as Scalar;
    const gradient = average(parts.map(part => part.gradient));
    norm.assign(vectorNorm(gradient));
    const next = updateVectors(update, slots, gradient, numbers);
    const parameters = unflatten(into, next.parameters!);
    // No operation from here on: an interrupt, which ends one, leaves the state before the step or the one after it.
    for (const [name, slot] of Object.entries(slots)) slot.assign(next[name]!);
    for (const [i, v] of into.variables.entries()) v.assign(parameters[i]!);
    return value;
  });

const uploadNumbers = ({ rate, optimiser, decays }: StepNumbers<number>): StepNumbers => ({
  rate: scalar(rate),
  optimiser: Object.fromEntries(Object.entries(optimiser).map(([name, value]) => [name, scalar(value)])),
  decays: decays.map(value => scalar(value)),
});

const makeSlots = (into: Layout, update: Update): Slots =>
  tidy(() => {
    const first = flatten(into.variables);
    const names = vectorNames(update);
    return Object.fromEntries([
      ...names.copies.map(name => [name, variable(first, false)] as const),
      ...names.zeros.map(name => [name, variable(zeros([into.size]), false)] as const),
    ]);
  });

/** Runs with an average in the network, and puts the trained parameters back, also after an error. */
const withAverage =
  (into: Layout, slots: Slots, averages: readonly Average[]) =>
  <R>(inside: () => R, name = averages[0]?.name ?? ''): R => {
    if (!averages.some(average => average.name === name)) {
      reject('the average', name, `the trainer has ${averages.map(a => a.name).join(', ') || 'none'}`);
    }
    assign(into, slots[name]!);
    try {
      return inside();
    } finally {
      assign(into, slots.parameters!);
    }
  };

/** Trains a network's parameters in place, by default with Adam and a running average of the parameters. */
export const trainer = <Batch>(options: TrainerOptions<Batch>): Trainer<Batch> => {
  const { parameters, loss, learningRate, wrap = fn => fn, checkEvery = 32 } = options;
  const { optimiser = chain(clip(), adam()), averages = [exponentialAverage()] } = options;
  const { lastGood = () => 'the last good checkpoint' } = options;
  const update = { optimiser, averages };
  const into = layout(parameters);
  const held = { into, slots: makeSlots(into, update), norm: tidy(() => variable(scalar(0), false)) };
  const run = wrap(function trainingStep(parts: readonly Batch[], numbers: StepNumbers): Scalar {
    return trainStep(
      held,
      update,
      parts.map(part => () => loss(part)),
      numbers,
    );
  });
  const check = finiteCheck(checkEvery, (step, value) =>
    reject(`the loss of step ${step}`, value, `the data or the rate are wrong; go on from ${lastGood()}`),
  );
  let steps = 0;
  return {
    layout: into,
    slots: held.slots,
    get steps() {
      return steps;
    },
    step: (...parts) => {
      if (parts.length === 0) reject('the number of parts of the batch', 0, 'give at least one');
      const numbers = uploadNumbers(stepNumbers(update, steps, learningRate(steps)));
      try {
        const value = run(parts, numbers);
        steps++;
        check.add(steps, value.clone());
        return value;
      } finally {
        dispose(numbers);
      }
    },
    gradientNorm: () => held.norm.dataSync()[0]!,
    withAverage: withAverage(into, held.slots, averages),
    restore: n => {
      steps = n;
      assign(into, held.slots.parameters!);
    },
    check: check.read,
    lastGood,
    dispose: () => {
      check.clear();
      dispose([...Object.values(held.slots), held.norm]);
    },
  };
};
