import type { Tensor } from '@tensorflow/tfjs-core';
import type { NativeBackend } from './binding.js';
import { deviceOf } from './device.js';
import { cause, type Mode } from './fallback.js';
import { skip, withInputs } from './inputs.js';
import { change, type Observation, observe } from './observe.js';
import { threadsBeside } from './parallel.js';
import { elements, type Program } from './program.js';
import type { Stream } from './random.js';
import { type Executable, executable } from './run.js';
import type { Tree } from './tree.js';
import { exchange, type Held, hold, separate } from './variables.js';

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

/** Streams from outside beyond which a function is taken to make new ones at each call. */
const STRAYS = 4;

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
  /** How the program runs, as long as it is not known to be right for all calls: then that is the mode. */
  target: Target;
}

/** Ways to run a program: where one fails, the next is tried. */
type Target = 'device' | 'xla' | 'graph';

const ignorance = <R>(): Knowledge<R> => ({
  mode: 'tracing',
  reason: undefined,
  attempts: 0,
  last: undefined,
  compiled: undefined,
  target: 'graph',
});

const forget = <R>({ compiled, last }: Knowledge<R>): void => {
  compiled?.dispose();
  last?.release();
};

export const specialise = <R>(backend: NativeBackend, fn: (args: unknown) => R, settings: Settings): Specialised<R> => {
  const { name, say, bfloat16 } = settings;
  let now = ignorance<R>();
  /** Streams that the function has from elsewhere: inputs of the program behind those of the arguments. */
  const strays: Stream[] = [];
  const whole = (args: Tree): Tree => ({ ...args, streams: [...args.streams, ...strays] });

  const giveUp = (reason: string): void => {
    forget(now);
    now = { ...ignorance(), mode: 'eager', reason };
    say(`${name} runs eagerly: ${reason}`);
  };

  const targets = ({ program }: Observation<R>): Target[] => [
    ...(deviceOf(backend) ? (['device'] as const) : []),
    ...((settings.xla ?? suitsXla(backend, program)) ? (['xla'] as const) : []),
    'graph',
  ];

  const made = (target: Target, { program }: Observation<R>, inputs: readonly Tensor[]): Executable => {
    if (target === 'device') return deviceOf(backend)!.executable(program, inputs, bfloat16);
    const xla = target === 'xla';
    const threads = program.parts > 1 && !xla ? threadsBeside(program.parts) : 0;
    return executable(backend, name, program, inputs, { xla, bfloat16, threads });
  };

  /** Says why a target failed. */
  const note = (failed: Target, error: unknown): void => {
    const reason = cause(error);
    now.compiled?.dispose();
    now.compiled = undefined;
    if (failed === 'graph') {
      giveUp(reason);
      return;
    }
    say(`${name} runs ${failed === 'device' ? 'on TensorFlow' : 'without XLA'}: ${reason}`);
    now.reason = reason;
  };

  /** Makes what was observed a program for inputs like these, for the first of the targets that takes it. */
  const define = (inputs: readonly Tensor[], wanted: readonly Target[]): void => {
    for (const target of wanted) {
      try {
        now.compiled = made(target, now.last!, inputs);
        if (now.mode === now.target) now.mode = target;
        now.target = target;
        return;
      } catch (error) {
        if (target !== 'device') {
          giveUp(cause(error));
          return;
        }
        note(target, error);
      }
    }
  };

  /** The results of the program; of the next target where one fails, and undefined where all do. */
  const results = (inputs: readonly Tensor[]): Tensor[] | undefined => {
    while (now.compiled) {
      try {
        return now.compiled.run(inputs);
      } catch (error) {
        const { target, last } = now;
        note(target, error);
        if (last && now.mode !== 'eager') define(inputs, targets(last).slice(targets(last).indexOf(target) + 1));
      }
    }
    return undefined;
  };

  /** Learns from a run what the program is. */
  const learn = (seen: Observation<R>, inputs: readonly Tensor[]): void => {
    const changed = now.last ? change(now.last, seen) : 'seen once';
    now.attempts++;
    if (changed === undefined) seen.release();
    else {
      forget(now);
      now = { ...now, last: seen, compiled: undefined };
    }
    const settled = changed === undefined || !settings.verify;
    if (seen.obstacle) giveUp(seen.obstacle);
    else if (!settled && now.attempts === ATTEMPTS) giveUp(changed);
    else if (!now.compiled) define(inputs, targets(seen));
    if (now.compiled && settled) now.mode = now.target;
  };

  /** Takes a run back that drew from streams which it was not given, so that it can be observed with them. */
  const takeBack = (seen: Observation<R>, inputs: readonly Tensor[], before: Held): void => {
    before.restore(seen.program.updates.map(update => update.variable));
    for (const tensor of seen.tree.tensors) if (!tensor.kept && !inputs.includes(tensor)) tensor.dispose();
    seen.release();
    for (const { stream, at } of seen.strays) {
      stream.seek(at);
      strays.push(stream);
    }
  };

  /**
   * A run that is observed gives the numbers of the program too, from the same variables: a training that goes on from
   * a checkpoint, where the function is traced anew, then takes the very steps of one that was not cut off.
   */
  const trace = (given: Tree): R => {
    const args = whole(given);
    const done = withInputs(args, (inputs): { result: R } | undefined => {
      separate(backend);
      const before = hold();
      try {
        const seen = observe<R>(backend, fn, args, inputs, settings.take);
        if (seen.strays.length > 0 && !seen.obstacle && strays.length < STRAYS) {
          takeBack(seen, inputs, before);
          return undefined;
        }
        learn(seen, inputs);
        if (!now.compiled) return { result: seen.result };
        const written = seen.program.updates.map(update => update.variable);
        const after = hold();
        before.restore(written);
        const made = results(inputs);
        if (!made) after.restore(written);
        after.release();
        if (!made) return { result: seen.result };
        // In the very tensors that the function made, since it may have kept them.
        for (const [i, tensor] of seen.tree.tensors.entries()) {
          if (!inputs.includes(tensor)) exchange(backend, tensor, made[i]!);
          made[i]!.dispose();
        }
        return { result: seen.result };
      } finally {
        before.release();
      }
    });
    return done ? done.result : trace(given);
  };

  const run = (given: Tree): R => {
    const args = whole(given);
    const { last } = now;
    const made = withInputs(args, results);
    if (!made) return fn(given.rebuild(given.tensors));
    skip(args, last!.drawn);
    return last!.tree.rebuild(made) as R;
  };

  const dispose = (): void => {
    forget(now);
    now = ignorance();
  };

  const call = (args: Tree): R => {
    if (now.compiled?.usable() === false) dispose();
    if (now.mode === 'tracing') return trace(args);
    return now.compiled ? run(args) : fn(args.rebuild(args.tensors));
  };

  const state = () => ({
    mode: now.mode,
    reason: now.reason,
    operations: now.last?.program.steps.length ?? 0,
    updates: now.last?.program.updates.length ?? 0,
  });
  return { call, state, dispose };
};
