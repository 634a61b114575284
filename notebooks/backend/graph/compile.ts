import { engine } from '@tensorflow/tfjs-core';
import { type NativeBackend, nativeBackend } from './binding.js';
import { type Mode, once } from './fallback.js';
import { type Specialised, specialise } from './specialise.js';
import { isRecording } from './trace.js';
import { flatten, identities } from './tree.js';

export interface CompileOptions {
  /** The name in messages and in TensorFlow; the function's own by default. */
  readonly name?: string;
  /**
   * True compiles with XLA, and falls back to a plain graph where XLA cannot; false uses a plain graph. By default XLA
   * is used, except on a CPU for large convolutions, which are faster in a graph, by oneDNN, and for training steps
   * with convolutions, which XLA compiles for long. On a device beside TensorFlow the program is its compiler's, whatever
   * is said here.
   */
  readonly xla?: boolean;
  /**
   * Trace two calls and compare (default), so that host numbers that change are found. False
   * traces the first call alone: for functions that are known to be pure and expensive.
   */
  readonly verify?: boolean;
  /**
   * Rounds the factors of convolutions and matrix products, and their results, to bfloat16; false by default. Faster
   * where the processor has instructions for it, and no longer equal to eager execution.
   */
  readonly bfloat16?: boolean;
  /** Where messages go: a new trace, a fall back and its reason, each once. `console.warn` by default. */
  readonly report?: (message: string) => void;
}

/** How one combination of shapes, dtypes and plain values runs. */
export interface Specialisation {
  readonly key: string;
  readonly mode: Mode;
  /** Why it is not compiled, or not by XLA. */
  readonly reason: string | undefined;
  /** Operations of the program, and the variables that it writes. */
  readonly operations: number;
  readonly updates: number;
}

export interface Compiled<A extends unknown[], R> {
  (...args: A): R;
  /** Releases the compiled functions; another call would trace again. */
  dispose(): void;
  specialisations(): Specialisation[];
}

/** A backend other than the native one, or a place where the function must run as it is. */
const uncompiled = (backend: NativeBackend): boolean => isRecording(backend) || engine().state.gradientDepth > 0;

/**
 * The same function, run as one program, by TensorFlow or on the device that is set beside it. Tensors may sit anywhere in nested arrays and records of
 * arguments and results; the other values there are part of the program, as are numbers that the function computes
 * on the host: what changes from call to call must be a tensor. Variables are read and written where they are.
 * The first calls for each combination of shapes are run eagerly and traced, and then again by the program, so that all
 * calls give the program's numbers. What cannot be compiled runs as it is,
 * and the reason is reported once. Under `grad` and inside another compiled function it runs as it is too.
 */
export const compile = <A extends unknown[], R>(
  fn: (...args: A) => R,
  options: CompileOptions = {},
): Compiled<A, R> => {
  const { xla, verify = true, bfloat16 = false } = options;
  const settings = { name: options.name ?? (fn.name || 'function'), xla, verify, bfloat16 };
  const say = once(options.report ?? (message => console.warn(message)));
  const identity = identities();
  const take = (result: unknown) => flatten(result, identity);
  const known = new Map<string, Specialised<R>>();
  const call = (...args: A): R => {
    const backend = nativeBackend();
    if (!backend) {
      say(`${settings.name} is not compiled: that needs the native TensorFlow backend`);
      return fn(...args);
    }
    if (uncompiled(backend)) return fn(...args);
    const flat = flatten(args, identity);
    const tree = { ...flat, streams: [...new Set(flat.streams)] };
    const key = tree.streams.length === flat.streams.length ? flat.key : `${flat.key}, streams shared`;
    let specialised = known.get(key);
    if (!specialised) {
      if (known.size > 0) say(`${settings.name} is traced again, for ${key}`);
      specialised = specialise(backend, all => fn(...(all as A)), { ...settings, say, take });
      known.set(key, specialised);
    }
    return specialised.call(tree);
  };
  const dispose = () => {
    for (const specialised of known.values()) specialised.dispose();
    known.clear();
  };
  const specialisations = () => [...known].map(([key, s]) => ({ key, ...s.state() }));
  return Object.assign(call, { dispose, specialisations });
};
