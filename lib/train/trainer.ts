import {
  type Scalar,
  scalar,
  type Tensor,
  tidy,
  type Variable,
  variable,
  variableGrads,
  zeros,
} from '@tensorflow/tfjs-core';
import { assign, flatten, type Layout, layout } from './flat.js';
import type { LearningRate } from './schedule.js';
import {
  type AdamConfig,
  adamDefaults,
  adamUpdate,
  type Moving,
  type StepScalars,
  stepScalars,
} from './update.js';

/** The loss of one batch as a function of the current parameters; it may read tensors that were uploaded before. */
export type Loss = () => Scalar;

/** What a trainer holds between steps, as variables [P] that a compiled step can own. */
export type Slots = { readonly [K in keyof Moving]: Variable };

export interface Trainer {
  readonly layout: Layout;
  readonly slots: Slots;
  /** Steps taken. */
  readonly steps: number;
  /** Takes one step; the caller disposes of the loss. */
  step(loss: Loss): Scalar;
  /** Runs with the averaged parameters in the network, and puts the trained ones back after. */
  withAverage<R>(run: () => R): R;
  /** Sets the count, after the slots were restored, and the network's variables to the slots. */
  restore(steps: number): void;
  dispose(): void;
}

/**
 * One training step: gradient, clipping, Adam, average. All that varies arrives as tensors and no value is read back,
 * so that a backend can trace it into a graph.
 */
export const trainStep = (
  into: Layout,
  slots: Slots,
  config: AdamConfig,
  loss: Loss,
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

const makeSlots = (into: Layout): Slots =>
  tidy(() => {
    const first = flatten(into.variables);
    const slot = (value: Tensor) => variable(value, false);
    return {
      parameters: slot(first),
      average: slot(first),
      m: slot(zeros([into.size])),
      v: slot(zeros([into.size])),
    };
  });

/** Trains a network's parameters in place, with Adam and a running average of the parameters. */
export const trainer = (
  parameters: ReadonlyMap<string, Variable>,
  learningRate: LearningRate,
  options: Partial<AdamConfig> = {},
): Trainer => {
  const config = { ...adamDefaults, ...options };
  const into = layout(parameters);
  const slots = makeSlots(into);
  let steps = 0;
  return {
    layout: into,
    slots,
    get steps() {
      return steps;
    },
    step: loss => {
      const host = stepScalars(config, steps, learningRate(steps));
      const scalars = { rate: scalar(host.rate), epsilon: scalar(host.epsilon), decay: scalar(host.decay) };
      const value = trainStep(into, slots, config, loss, scalars);
      for (const s of Object.values(scalars)) s.dispose();
      steps++;
      return value;
    },
    withAverage: run => {
      assign(into, slots.average);
      try {
        return run();
      } finally {
        assign(into, slots.parameters);
      }
    },
    restore: n => {
      steps = n;
      assign(into, slots.parameters);
    },
    dispose: () => {
      for (const slot of Object.values(slots)) slot.dispose();
    },
  };
};
