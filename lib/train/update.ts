import { add, mul, type Scalar, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { Average } from './average.js';
import { checkedRate, type Transform, type Vectors } from './transform.js';

/** What changes parameters from step to step. */
export interface Update {
  readonly optimiser: Transform;
  readonly averages: readonly Average[];
}

/** The numbers of one step, as scalars so that a traced update can take them as inputs. */
export type StepNumbers<V = Scalar> = {
  readonly rate: V;
  readonly optimiser: Readonly<Record<string, V>>;
  /** The decay of each average. */
  readonly decays: V[];
};

/** The numbers of step n = 0, 1, …. */
export const stepNumbers = ({ optimiser, averages }: Update, n: number, rate: number): StepNumbers<number> => ({
  rate: checkedRate(n, rate),
  optimiser: optimiser.numbers(n),
  decays: averages.map(average => average.decay(n + 1)),
});

/** All vectors [P] that an update changes, by name: `parameters`, what the optimiser keeps, the averages. */
export const vectorNames = ({ optimiser, averages }: Update): { zeros: string[]; copies: string[] } => ({
  zeros: [...optimiser.slots],
  copies: ['parameters', ...averages.map(({ name }) => name)],
});

/** One step, a pure function of vectors: θ ← θ − η · update, and the averages follow. */
export const updateVectors = (
  { optimiser, averages }: Update,
  vectors: Vectors,
  gradient: Tensor,
  { rate, optimiser: numbers, decays }: StepNumbers,
): Vectors => {
  const before = vectors.parameters!;
  const next = optimiser.apply(gradient, { parameters: before, slots: vectors, numbers });
  const moved = sub(before, mul(next.update, rate));
  const parameters = optimiser.project?.(moved) ?? moved;
  const averaged = averages.map(({ name }, i) => {
    const follow = mul(sub(vectors[name]!, parameters), decays[i]!);
    return [name, add(parameters, follow)] as const;
  });
  return { parameters, ...next.slots, ...Object.fromEntries(averaged) };
};
