import type { Tensor } from '@tensorflow/tfjs-core';
import type { NativeBackend } from './binding.js';
import { type Program, program } from './program.js';
import { record, type Trace } from './trace.js';
import type { Tree } from './tree.js';
import { separate, updatesSince, variablesByHandle } from './variables.js';

/** One run of a function, and what it would take to do it again. */
export interface Observation<R> {
  readonly result: R;
  readonly tree: Tree;
  readonly program: Program;
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
 * Runs the function on the arguments, for real, and makes a program of what it did.
 * @param run the function, given the tensors among its arguments
 * @param take takes its result apart
 */
export const observe = <R>(
  backend: NativeBackend,
  tensors: readonly Tensor[],
  run: (tensors: readonly Tensor[]) => R,
  take: (result: R) => Tree,
): Observation<R> => {
  separate(backend);
  const variables = variablesByHandle(backend);
  const given = distinct(backend, tensors);
  const handles = backend.getInputTensorIds(given);
  const { result: seen, trace } = record(backend, [...handles, ...variables.keys()], () => {
    const result = run(given);
    const tree = take(result);
    return {
      result,
      tree,
      results: backend.getInputTensorIds(tree.tensors),
      updates: updatesSince(backend, variables),
    };
  });
  const copies = given.filter((tensor, i) => tensor !== tensors[i] && !seen.tree.tensors.includes(tensor));
  for (const tensor of copies) tensor.dispose();
  return {
    result: seen.result,
    tree: seen.tree,
    program: program(trace, { arguments: handles, variables, results: seen.results, updates: seen.updates }),
    obstacle: trace.obstacle ?? (isPromise(seen.result) ? 'it is asynchronous' : undefined),
    release: holder(backend, trace),
  };
};
