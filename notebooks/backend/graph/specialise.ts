import type { NativeBackend } from './binding.js';
import { cause, type Mode } from './fallback.js';
import { skip, withInputs } from './inputs.js';
import { change, type Observation, observe } from './observe.js';
import { threadsBeside } from './parallel.js';
import { elements, type Program } from './program.js';
import { type Executable, executable } from './run.js';
import type { Tree } from './tree.js';

/** A function for one combination of shapes, dtypes and plain values. */
export interface Specialised<R> {
  /** @param args the arguments, taken apart */
  call(args: Tree): R;
  state(): { mode: Mode; reason: string | undefined; operations: number; updates: number };
  dispose(): void;
}

export interface Settings {
  readonly name: string;
  readonly xla: boolean | undefined;
  readonly verify: boolean;
  readonly bfloat16: boolean;
  readonly say: (message: string) => void;
  /** Takes a result apart. */
  readonly take: (result: unknown) => Tree;
}

/** Runs that differ from one another before a function counts as one that cannot be compiled. */
const ATTEMPTS = 3;

/** Elements of a convolution's result above which oneDNN's kernels win over fused loops, as measured on two cores. */
const LARGE = 2 ** 19;

/** Operations above which XLA compiles convolutions for longer than it saves: 10 s for a training step. */
const LONG = 1024;

/**
 * Small operations are bound by their dispatch, which XLA saves. Large convolutions on a CPU are faster by oneDNN,
 * which only a graph uses, than all that XLA can fuse around its own.
 */
const suitsXla = (backend: NativeBackend, { steps, parts }: Program): boolean => {
  const convolutions = steps.filter(step => step.op.startsWith('Conv'));
  if (backend.isUsingGpuDevice || convolutions.length === 0) return true;
  return parts === 1 && steps.length <= LONG && convolutions.every(step => elements(step.outputs[0]!.shape) <= LARGE);
};

/** What is known of the function so far. */
interface Knowledge<R> {
  mode: Mode;
  reason: string | undefined;
  attempts: number;
  last: Observation<R> | undefined;
  compiled: Executable | undefined;
}

const ignorance = <R>(): Knowledge<R> => ({
  mode: 'tracing',
  reason: undefined,
  attempts: 0,
  last: undefined,
  compiled: undefined,
});

const forget = <R>({ compiled, last }: Knowledge<R>): void => {
  compiled?.dispose();
  last?.release();
};

export const specialise = <R>(backend: NativeBackend, fn: (args: unknown) => R, settings: Settings): Specialised<R> => {
  const { name, say, bfloat16 } = settings;
  let now = ignorance<R>();

  const giveUp = (reason: string): void => {
    forget(now);
    now = { ...ignorance(), mode: 'eager', reason };
    say(`${name} runs eagerly: ${reason}`);
  };

  /** Defines what was observed as a function of TensorFlow. */
  const define = (args: Tree, xla: boolean): void => {
    const { program } = now.last!;
    const threads = program.parts > 1 && !xla ? threadsBeside(program.parts) : 0;
    try {
      now.compiled = withInputs(args, all => executable(backend, name, program, all, { xla, bfloat16, threads }));
      now.mode = xla ? 'xla' : 'graph';
    } catch (error) {
      giveUp(cause(error));
    }
  };

  const trace = (args: Tree): R => {
    const seen = withInputs(args, all => observe<R>(backend, fn, args, all, settings.take));
    const changed = now.last ? change(now.last, seen) : 'seen once';
    now.last?.release();
    now.last = seen;
    now.attempts++;
    if (seen.obstacle) giveUp(seen.obstacle);
    else if (changed === undefined || !settings.verify) define(args, settings.xla ?? suitsXla(backend, seen.program));
    else if (now.attempts === ATTEMPTS) giveUp(changed);
    return seen.result;
  };

  /** Nothing is written before the program has succeeded, so a failed run can be repeated another way. */
  const failed = (args: Tree, reason: string): R => {
    if (now.mode !== 'xla') {
      giveUp(reason);
      return call(args);
    }
    say(`${name} runs without XLA: ${reason}`);
    now.compiled?.dispose();
    now.reason = reason;
    define(args, false);
    return call(args);
  };

  const run = (args: Tree, { last, compiled }: Knowledge<R>): R => {
    try {
      const results = withInputs(args, compiled!.run);
      skip(args, last!.drawn);
      return last!.tree.rebuild(results) as R;
    } catch (error) {
      return failed(args, cause(error));
    }
  };

  const dispose = (): void => {
    forget(now);
    now = ignorance();
  };

  const call = (args: Tree): R => {
    if (now.compiled?.usable() === false) dispose();
    if (now.mode === 'tracing') return trace(args);
    return now.compiled ? run(args, now) : fn(args.rebuild(args.tensors));
  };

  const state = () => ({
    mode: now.mode,
    reason: now.reason,
    operations: now.last?.program.steps.length ?? 0,
    updates: now.last?.program.updates.length ?? 0,
  });
  return { call, state, dispose };
};
