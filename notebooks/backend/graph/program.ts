import type { Variable } from '@tensorflow/tfjs-core';
import type { Attribute, Reference } from './binding.js';
import type { Capture, Constant, Operation, Trace } from './trace.js';

/** The shape of a tensor and TensorFlow's code of its type. */
export interface Kind {
  readonly shape: readonly number[];
  readonly dtype: number;
}

/** How many elements a shape holds. */
export const elements = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** An operation whose inputs are places in the program instead of handles of one run. */
export interface Step {
  readonly op: string;
  readonly attributes: readonly Attribute[];
  readonly inputs: readonly Reference[];
  readonly outputs: readonly Kind[];
}

/**
 * What is left of a trace when the handles are gone. Nodes are numbered through: arguments, variables, captures,
 * constants, steps, each only if a result or an update needs it.
 */
export interface Program {
  /** Positions of the arguments that are used. */
  readonly arguments: readonly number[];
  /** Types and shapes of the used arguments, then variables, then captures are those of the handles at the trace. */
  readonly variables: readonly Variable[];
  readonly captures: readonly Capture[];
  readonly constants: readonly Constant[];
  readonly steps: readonly Step[];
  readonly results: readonly Reference[];
  readonly updates: readonly { readonly variable: Variable; readonly value: Reference }[];
  /** Independent parts of like size. */
  readonly parts: number;
}

/** The handles of one run that have a name outside it. */
export interface Names {
  readonly arguments: readonly number[];
  /** Variables with their handles before the run. */
  readonly variables: ReadonlyMap<number, Variable>;
  readonly results: readonly number[];
  /** Variables that hold another handle after the run, with that handle. */
  readonly updates: readonly (readonly [Variable, number])[];
}

/** Operations that the wanted handles depend on, in their order. */
const needed = (operations: readonly Operation[], wanted: Iterable<number>): [Operation[], Set<number>] => {
  const live = new Set(wanted);
  const kept: Operation[] = [];
  for (const operation of [...operations].reverse()) {
    if (!operation.outputs.some(output => live.has(output.id))) continue;
    kept.push(operation);
    for (const id of operation.inputs) live.add(id);
  }
  return [kept.reverse(), live];
};

/** Names every handle by its place. */
const places = (sources: readonly number[], operations: readonly Operation[]): Map<number, Reference> => {
  const place = new Map<number, Reference>(sources.map((id, i) => [id, [i, 0]]));
  operations.forEach((operation, i) => {
    operation.outputs.forEach((output, j) => {
      place.set(output.id, [sources.length + i, j]);
    });
  });
  return place;
};

export const program = (trace: Trace, names: Names): Program => {
  const wanted = [...names.results, ...names.updates.map(([, id]) => id)];
  const [operations, live] = needed(trace.operations, wanted);
  const used = names.arguments.map((id, i) => [id, i] as const).filter(([id]) => live.has(id));
  const variables = [...names.variables].filter(([id]) => live.has(id));
  const captures = [...trace.captures].filter(([id]) => live.has(id));
  const constants = [...trace.constants].filter(([id]) => live.has(id));
  const sources = [...used, ...variables, ...captures, ...constants].map(([id]) => id);
  const place = places(sources, operations);
  const at = (id: number): Reference => place.get(id)!;
  return {
    arguments: used.map(([, i]) => i),
    variables: variables.map(([, variable]) => variable),
    captures: captures.map(([, capture]) => capture),
    constants: constants.map(([, constant]) => constant),
    steps: operations.map(o => ({
      op: o.op,
      attributes: o.attributes,
      inputs: o.inputs.map(at),
      outputs: o.outputs.map(({ shape, dtype }) => ({ shape, dtype })),
    })),
    results: names.results.map(at),
    updates: names.updates.map(([variable, id]) => ({ variable, value: at(id) })),
    parts: trace.parts,
  };
};
