import { dispose, memory, type Scalar, stack, type TensorContainer, tidy } from '@tensorflow/tfjs-core';
import { integer, reject, show } from '../errors.js';
import type { LearningRate } from './schedule.js';
import type { Trainer } from './trainer.js';

/** Where a run stands. */
export interface Report {
  /** Steps taken in all, those before a restart included. */
  readonly step: number;
  /** Steps at which the run ends. */
  readonly steps: number;
  /** The losses since the report before, one for each step. */
  readonly losses: readonly number[];
  /** Their mean. */
  readonly loss: number;
  /** ‖gradient‖ of the last step, before clipping. */
  readonly gradientNorm: number;
  /** The learning rate of the last step. */
  readonly learningRate: number;
  /** Rows of data a second since the report before, where `rows` was given; steps a second otherwise. */
  readonly perSecond: number;
  /** At the pace since the report before. */
  readonly secondsLeft: number;
  /** Bytes of all tensors that are alive. */
  readonly bytes: number;
}

/** How far a run goes and how often it reports. */
export interface Course {
  /** Steps in all: a restored trainer goes on from where it stands. */
  readonly steps: number;
  /** Steps from report to report; 50 unless given. Losses are read then, together, so that the device is not stalled. */
  readonly every?: number;
  /** Rows of a step's batches, for the pace. */
  readonly rows?: number;
  /** Batches of a step, drawn one after the other, whose gradients are averaged; 1 unless given. */
  readonly parts?: number;
  /** Ends the run after the step under way, with a last report. */
  readonly signal?: AbortSignal;
  /** The run has diverged when the mean loss of a report is this multiple of the first one's; 1000 unless given. */
  readonly divergence?: number;
}

const read = (losses: Scalar[]): number[] => {
  const values = tidy(() => Array.from(stack(losses).dataSync()));
  dispose(losses);
  return values;
};

const diverged = ({ step, losses, loss }: Report, first: number, lastGood: string): never =>
  reject(
    `the mean loss of the ${losses.length} steps up to step ${step}`,
    loss,
    `it was ${show(first)} at first; lower the rate, and go on from ${lastGood}`,
  );

/**
 * The training loop, a generator: saving, plots, evaluation and an early end belong to the caller. The last report
 * stands at `steps`, or where the signal ended the run.
 * @param draw a batch of a step, which is disposed of here
 * @throws RangeError when a loss is not finite or the run has diverged, naming the step and where the last good state is;
 * the reports before it were good
 */
export function* training<Batch extends TensorContainer>(
  { trainer, learningRate }: { readonly trainer: Trainer<Batch>; readonly learningRate: LearningRate },
  draw: (step: number) => Batch,
  { steps, every = 50, rows = 1, parts = 1, signal, divergence = 1000 }: Course,
): Generator<Report, void> {
  integer('steps', steps, 1);
  integer('every', every, 1);
  integer('parts', parts, 1);
  let losses: Scalar[] = [];
  let first: number | undefined;
  let began = performance.now();
  const report = (): Report => {
    const values = read(losses);
    losses = [];
    const pace = values.length / ((performance.now() - began) / 1000);
    began = performance.now();
    return {
      step: trainer.steps,
      steps,
      losses: values,
      loss: values.reduce((a, b) => a + b, 0) / values.length,
      gradientNorm: trainer.gradientNorm(),
      learningRate: learningRate(trainer.steps - 1),
      perSecond: rows * pace,
      secondsLeft: (steps - trainer.steps) / pace,
      bytes: memory().numBytes,
    };
  };
  try {
    while (trainer.steps < steps && !signal?.aborted) {
      const drawn: Batch[] = [];
      try {
        while (drawn.length < parts) drawn.push(draw(trainer.steps));
        losses.push(trainer.step(...drawn));
      } finally {
        dispose(drawn);
      }
      if (trainer.steps % every !== 0 && trainer.steps < steps && !signal?.aborted) continue;
      trainer.check();
      const now = report();
      first ??= now.loss;
      // A loss may be negative, such as one with an uncertainty.
      if (now.loss > divergence * Math.abs(first)) diverged(now, first, trainer.lastGood());
      yield now;
      began = performance.now(); // what the caller did in between is not the run's pace
    }
  } finally {
    dispose(losses);
  }
}
