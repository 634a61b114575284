import { dispose, type Scalar, scalar, type Tensor, tidy, type Variable, variable, zeros } from '@tensorflow/tfjs-core';
import { reject } from '../errors.js';
import { finiteCheck } from '../solve/finite-check.js';
import { type Average, exponentialAverage } from './average.js';
import { assign, flatten, type Layout, layout } from './flat.js';
import type { LearningRate } from './schedule.js';
import { type BatchLoss, type Slots, sharedStep, trainingStep, type Wrap } from './step.js';
import { adam, chain, clip, type Transform } from './transform.js';
import { type StepNumbers, stepNumbers, type Update, vectorNames } from './update.js';

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
  /** Wraps the whole step; all that varies reaches it as tensors. With `reduce` its two halves are wrapped. */
  readonly wrap?: Wrap;
  /**
   * From the gradient and the loss of this part of the batch, [P + 1], to their means over all parts, where several train
   * together. The caller's vector is not kept.
   */
  readonly reduce?: (vector: Tensor) => Tensor;
  /** The losses of so many steps are read together, and the first that is not finite ends the run. 0 for no check; 32. */
  readonly checkEvery?: number;
  /** Where the last good state is kept, for the error that ends a run. */
  readonly lastGood?: () => string;
}

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
  const { parameters, loss, learningRate, wrap = fn => fn, reduce, checkEvery = 32 } = options;
  const { optimiser = chain(clip(), adam()), averages = [exponentialAverage()] } = options;
  const { lastGood = () => 'the last good checkpoint' } = options;
  const update = { optimiser, averages };
  const into = layout(parameters);
  const held = { into, update, slots: makeSlots(into, update), norm: tidy(() => variable(scalar(0), false)) };
  const run = reduce ? sharedStep(held, loss, wrap, reduce) : wrap(trainingStep(held, loss));
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
