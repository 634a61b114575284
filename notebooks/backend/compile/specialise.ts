import type { Tensor } from '@tensorflow/tfjs-core';
import type { NativeBackend } from './binding.js';
import { difference } from './difference.js';
import { cause, type Mode } from './fallback.js';
import { type Observation, observe } from './observe.js';
import type { Program } from './program.js';
import { type Executable, executable } from './run.js';
import type { Tree } from './tree.js';

/** A function for one combination of shapes, dtypes and plain values. */
export interface Specialised<A extends unknown[], R> {
  /** @param args the arguments, taken apart */
  call(args: Tree): R;
  state(): { mode: Mode; reason: string | undefined; operations: number; updates: number };
  dispose(): void;
  /** Never called: names the arguments' type. */
  readonly arguments?: A;
}

interface Settings {
  readonly name: string;
  readonly xla: boolean | undefined;
  readonly verify: boolean;
}

/** Runs that differ from one another before a function counts as one that cannot be compiled. */
const ATTEMPTS = 3;

export const specialise = <A extends unknown[], R>(
  backend: NativeBackend,
  fn: (...args: A) => R,
  settings: Settings,
  say: (message: string) => void,
  take: (result: unknown) => Tree,
): Specialised<A, R> => {
  let mode: Mode = 'tracing';
  let reason: string | undefined;
  let attempts = 0;
  let last: Observation<R> | undefined;
  let compiled: Executable | undefined;

  const eager = (args: Tree): R => fn(...(args.rebuild(args.tensors) as A));

  const giveUp = (why: string): void => {
    mode = 'eager';
    reason = why;
    say(`${settings.name} runs eagerly: ${why}`);
  };

  const forget = (): void => {
    compiled?.dispose();
    last?.release();
    compiled = undefined;
    last = undefined;
  };

  /** Defines the observed program; a graph that TensorFlow refuses is the end of it. */
  const define = (args: readonly Tensor[], xla: boolean): void => {
    try {
      compiled = executable(backend, settings.name, last!.program, args, xla);
      mode = xla ? 'xla' : 'graph';
    } catch (error) {
      forget();
      giveUp(cause(error));
    }
  };

  const trace = (args: Tree): R => {
    attempts++;
    const seen = observe(backend, args.tensors, tensors => fn(...(args.rebuild(tensors) as A)), take);
    const changed = last ? changes(last, seen) : 'first';
    last?.release();
    last = seen;
    if (seen.obstacle) {
      forget();
      giveUp(seen.obstacle);
    } else if (changed === undefined || !settings.verify)
      define(args.tensors, settings.xla ?? suitsXla(backend, seen.program));
    else if (attempts === ATTEMPTS) {
      forget();
      giveUp(changed);
    }
    return seen.result;
  };

  const run = (args: Tree): R => {
    try {
      return last!.tree.rebuild(compiled!.run(args.tensors)) as R;
    } catch (error) {
      if (mode !== 'xla') {
        forget();
        giveUp(cause(error));
        return eager(args);
      }
      reason = cause(error);
      say(`${settings.name} runs without XLA: ${reason}`);
      compiled!.dispose();
      compiled = undefined;
      define(args.tensors, false);
      return call(args);
    }
  };

  const call = (args: Tree): R => {
    if (compiled && !compiled.usable()) {
      forget();
      mode = 'tracing';
      attempts = 0;
    }
    if (compiled) return run(args);
    return mode === 'eager' ? eager(args) : trace(args);
  };

  return {
    call,
    state: () => ({
      mode,
      reason,
      operations: last?.program.steps.length ?? 0,
      updates: last?.program.updates.length ?? 0,
    }),
    dispose: () => {
      forget();
      mode = 'tracing';
      attempts = 0;
    },
  };
};

const suitsXla = (backend: NativeBackend, { steps }: Program): boolean =>
  backend.isUsingGpuDevice || !steps.some(step => step.op.startsWith('Conv'));

/** Why the second run is not the first one again. */
const changes = <R>(before: Observation<R>, after: Observation<R>): string | undefined =>
  before.tree.key === after.tree.key
    ? difference(before.program, after.program)
    : 'its result has other shapes or plain values at each call';
