import { type Tensor, tensor1d } from '@tensorflow/tfjs-core';
import type { Tree } from './tree.js';

/** The tensors of the arguments, and after them one for each stream, for as long as `use` takes. */
export const withInputs = <T>(args: Tree, use: (tensors: readonly Tensor[]) => T): T => {
  const words = args.streams.map(stream => tensor1d(stream.words(), 'int32'));
  try {
    return use([...args.tensors, ...words]);
  } finally {
    for (const tensor of words) tensor.dispose();
  }
};

/**
 * Calls a function with its arguments made of these tensors, its streams drawing from the last ones.
 * @returns the result, and how many blocks each stream drew
 */
export const callWith = <R>(
  args: Tree,
  given: readonly Tensor[],
  fn: (args: unknown) => R,
): { result: R; drawn: readonly number[] } => {
  const own = args.tensors.length;
  args.streams.forEach((stream, i) => {
    stream.enter(given[own + i]!);
  });
  const drawn: number[] = [];
  try {
    return { result: fn(args.rebuild(given.slice(0, own))), drawn };
  } finally {
    for (const stream of args.streams) drawn.push(stream.leave());
  }
};

/** Moves the streams on as a run would have. */
export const skip = (args: Tree, drawn: readonly number[]): void => {
  args.streams.forEach((stream, i) => {
    stream.skip(drawn[i]!);
  });
};
