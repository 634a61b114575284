import { concat, reshape, split, type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import { reject } from '../errors.js';

/** The trainable parameters of a network laid end to end in one vector [P], in their fixed order. */
export interface Layout {
  readonly names: readonly string[];
  readonly variables: readonly Variable[];
  readonly sizes: readonly number[];
  /** P. */
  readonly size: number;
}

/**
 * One vector holds all parameters while they are updated: an update is then a dozen operations in all rather than
 * a dozen for each variable, and dispatching operations is what an eager step spends its time on.
 * @throws RangeError when nothing is trainable
 */
export const layout = (parameters: ReadonlyMap<string, Variable>): Layout => {
  const trained = [...parameters].filter(([, v]) => v.trainable);
  if (trained.length === 0) reject('the number of trainable parameters', 0, 'give a network with parameters');
  const variables = trained.map(([, v]) => v);
  const sizes = variables.map(v => v.size);
  return { names: trained.map(([name]) => name), variables, sizes, size: sizes.reduce((a, b) => a + b, 0) };
};

/** Tensors shaped like the variables, in order → [P]. */
export const flatten = (tensors: readonly Tensor[]): Tensor =>
  concat(
    tensors.map(t => reshape(t, [t.size])),
    0,
  );

/** [P] → tensors shaped like the variables. */
export const unflatten = ({ variables, sizes }: Layout, flat: Tensor): Tensor[] =>
  split(flat, [...sizes], 0).map((part, i) => reshape(part, variables[i]!.shape));

/** Sets the variables to the parts of [P]: all of them, or none. */
export const assign = (into: Layout, flat: Tensor): void =>
  tidy(() => {
    const parts = unflatten(into, flat);
    for (const [i, v] of into.variables.entries()) v.assign(parts[i]!);
  });
