import { stack, sum, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { finite, integer, oneDirection, reject } from '../errors.js';
import type { Rng } from '../rng/rng.js';
import { finiteCheck } from './finite-check.js';
import { iterate } from './iterate.js';
import { createMemory } from './memory.js';
import type { Step } from './step.js';

/** How `solve` watches over a run. */
export interface SolveOptions {
  /**
   * Every step leaves one number on the device; after this many steps they are read together, and the first that is
   * not finite is reported. 0 switches the check off. Default 32.
   */
  readonly checkEvery?: number;
}

/** What `solve` yields after each step: the caller owns x until it asks for the next state. */
export interface State {
  /** Steps taken so far; 0 is the initial state. */
  readonly step: number;
  readonly t: number;
  readonly x: Tensor;
}

/**
 * Takes x through the times, step by step, and yields every state, the initial one included, so that progress,
 * pictures, early stopping and interruption belong to the caller.
 * A yielded tensor lives until the next state is asked for; clone what has to stay. x itself stays the caller's.
 * @param step a predictor, a corrector, or a composition
 * @param x [B, ...event] at times[0]
 * @throws RangeError when a state is not finite, with the step and the time at which that began.
 */
export function* solve(
  step: Step,
  x: Tensor,
  times: ArrayLike<number>,
  rng: Rng,
  { checkEvery = 32 }: SolveOptions = {},
): Generator<State, void, undefined> {
  const grid = Array.from(times, (t, i) => finite(`times[${i}]`, t));
  if (grid.length === 0) reject('times', grid, 'give at least the time at which x stands');
  oneDirection('times', grid);
  const check = finiteCheck(checkEvery, (i, value) =>
    reject(
      `the state after step ${i} (t = ${grid[i - 1]} → ${grid[i]})`,
      value,
      'the score returned NaN or infinity there, or the step is too long for stability; check the score at that time',
    ),
  );
  const memory = createMemory();
  const advance = (state: Tensor, i: number): Tensor => tidy(() => step(state, grid[i - 1]!, grid[i]!, rng, memory));
  let i = 0;
  try {
    for (const state of iterate(
      x.clone(),
      n => n < grid.length,
      advance,
      old => old.dispose(),
    )) {
      if (i > 0) check.add(i, sum(state));
      if (i === grid.length - 1) check.read();
      yield { step: i, t: grid[i]!, x: state };
      i++;
    }
  } finally {
    memory.dispose();
    check.clear();
  }
}

/** Runs to the end and returns the last state; the caller owns it. */
export const last = (states: Iterable<State>): Tensor => {
  let out: Tensor | undefined;
  try {
    for (const { x } of states) {
      out?.dispose();
      out = x.clone();
    }
  } catch (error) {
    out?.dispose();
    throw error;
  }
  return out ?? reject('the run', 'empty', 'solve yields at least the initial state');
};

/** All states, [steps + 1, B, ...event], or every n-th and the last. */
export const trajectory = (states: Iterable<State>, every = 1): { times: number[]; x: Tensor } => {
  integer('every', every, 1);
  const kept: { t: number; x: Tensor; whole: boolean }[] = [];
  try {
    for (const { step, t, x } of states) {
      if (kept.at(-1)?.whole === false) kept.pop()!.x.dispose();
      kept.push({ t, x: x.clone(), whole: step % every === 0 });
    }
    return { times: kept.map(k => k.t), x: stack(kept.map(k => k.x)) };
  } finally {
    for (const { x } of kept) x.dispose();
  }
};
