import type { Tensor, Tensor1D, Variable } from '@tensorflow/tfjs-core';

/** What a network may take beside the state and the time. */
export interface NetworkOptions {
  /** A class per row, [B], which a conditional network needs; its `classes` itself (one past the last) means none. */
  readonly classes?: Tensor1D | readonly number[];
  /** Applied at each place of dropout; left out when sampling. */
  readonly dropout?: (x: Tensor) => Tensor;
}

/** A time-dependent network: its parameters by name, and a function of the state and a time label per row. */
export interface Network<Config> {
  readonly config: Config;
  /** In a fixed order; those with `trainable` false are kept with the others and not trained. */
  readonly parameters: ReadonlyMap<string, Variable>;
  /** x: [B, ...event], label: [B] → shaped like x. */
  apply(x: Tensor, label: Tensor1D, options?: NetworkOptions): Tensor;
  /** Releases the parameters. */
  dispose(): void;
}

/** The number of trainable numbers in a network. */
export const parameterCount = ({ parameters }: Pick<Network<unknown>, 'parameters'>): number =>
  [...parameters.values()].reduce((sum, p) => sum + (p.trainable ? p.size : 0), 0);

/** Disposes of every parameter. */
export const disposeAll = (parameters: ReadonlyMap<string, Variable>): void => {
  for (const parameter of parameters.values()) parameter.dispose();
};
