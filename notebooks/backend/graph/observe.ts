import type { Tensor } from '@tensorflow/tfjs-core';
import type { NativeBackend } from './binding.js';
import { difference } from './difference.js';
import { callWith } from './inputs.js';
import { type Program, program } from './program.js';
import { record, type Stray, type Trace } from './trace.js';
import type { Tree } from './tree.js';
import { updatesSince, variablesByHandle } from './variables.js';

/** One run of a function, and what it would take to do it again. */
export interface Observation<R> {
  readonly result: R;
  readonly tree: Tree;
  readonly program: Program;
  /** Blocks of random numbers that each stream drew. */
  readonly drawn: readonly number[];
  /** Streams that it drew from without being given them. */
  readonly strays: readonly Stray[];
  /** Why the run cannot be compiled, if it cannot. */
  readonly obstacle: string | undefined;
  /** Releases what the program holds of the run. */
  release(): void;
}

/** Arguments by handles that are all different, so that each has a name: f(x, x) has two arguments. */
const distinct = (backend: NativeBackend, tensors: readonly Tensor[]): Tensor[] => {
  const seen = new Set<number>();
  return tensors.map(tensor => {
    const [id] = backend.getInputTensorIds([tensor]);
    if (!seen.has(id!)) {
      seen.add(id!);
      return tensor;
    }
    return backend.createOutputTensor(backend.binding.executeOp('Identity', [], [id!], 1)[0]!);
  });
};

const holder = (backend: NativeBackend, trace: Trace) => () => {
  for (const { held } of trace.captures.values()) backend.binding.deleteTensor(held.id);
};

const isPromise = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/**
 * Runs the function, for real, and makes a program of what it did.
 * Every variable has to have a handle of its own, see `separate`.
 * @param args the arguments, taken apart
 * @param tensors all inputs: tensors of the arguments, then those of the streams
 * @param take takes the result apart
 */
export const observe = <R>(
  backend: NativeBackend,
  fn: (args: unknown) => R,
  args: Tree,
  tensors: readonly Tensor[],
  take: (result: R) => Tree,
): Observation<R> => {
  const variables = variablesByHandle(backend);
  const given = distinct(backend, tensors);
  const handles = backend.getInputTensorIds(given);
  const { result: seen, trace } = record(backend, [...handles, ...variables.keys()], () => {
    const { result, drawn } = callWith(args, given, fn);
    const tree = take(result);
    const results = backend.getInputTensorIds(tree.tensors);
    return { result, drawn, tree, results, updates: updatesSince(backend, variables) };
  });
  const { result, drawn, tree, results, updates } = seen;
  for (const [i, tensor] of given.entries())
    if (tensor !== tensors[i] && !tree.tensors.includes(tensor)) tensor.dispose();
  return {
    result,
    tree,
    drawn,
    strays: trace.strays,
    program: program(trace, { arguments: handles, variables, results, updates }),
    obstacle: trace.obstacle ?? (isPromise(result) ? 'it is asynchronous' : undefined),
    release: holder(backend, trace),
  };
};

/** Why the second run is not the first one again; undefined when it is. */
export const change = <R>(before: Observation<R>, after: Observation<R>): string | undefined => {
  if (before.tree.key !== after.tree.key) return 'its result has other shapes or plain values at each call';
  if (String(before.drawn) !== String(after.drawn)) return 'it draws more or fewer random numbers at each call';
  return difference(before.program, after.program);
};
