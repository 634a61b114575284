import {
  type Attribute,
  attributeType,
  type Binding,
  dataType,
  type GraphNode,
  type Metadata,
  type Reference,
} from './binding.js';
import { type Definition, definitions } from './definition.js';
import type { Kind, Program, Step } from './program.js';
import type { Constant } from './trace.js';

/** Constants of more elements than this are tested for being one value repeated. */
const SPLAT = 16;

/** A graph under construction. */
export interface Draft {
  readonly nodes: readonly GraphNode[];
  /** Handles that have to live until the function is defined. */
  readonly temporary: readonly number[];
  /** Adds a node and returns its first output. */
  add(op: string, inputs: GraphNode['inputs'], attributes?: readonly Attribute[]): Reference;
  constant(constant: Constant): Reference;
  /** A vector of integers, such as a shape or axes. */
  integers(values: readonly number[]): Reference;
  definition(op: string): Definition;
}

export const typed = (name: string, dtype: number): Attribute => ({ name, type: attributeType.type, value: dtype });

export const flag = (name: string, value: boolean): Attribute => ({ name, type: attributeType.bool, value });

const isSplat = ({ values }: Constant): boolean =>
  ArrayBuffer.isView(values) && values.length > SPLAT && values.every(v => v === values[0]);

export const draft = (binding: Binding): Draft => {
  const nodes: GraphNode[] = [];
  const temporary: number[] = [];
  const add: Draft['add'] = (op, inputs, attributes = []) => [nodes.push({ op, inputs, attributes }) - 1, 0];
  const stored = ({ shape, dtype, values }: Constant): Reference => {
    const id = binding.createTensor(shape, dtype, values);
    temporary.push(id);
    return add('Const', [], [typed('dtype', dtype), { name: 'value', type: attributeType.tensor, value: id }]);
  };
  const integers = (values: readonly number[]): Reference =>
    stored({ shape: [values.length], dtype: dataType.int32, values: Int32Array.from(values) });
  const constant = (full: Constant): Reference => {
    if (!isSplat(full)) return stored(full);
    // one repeated value is stored once, and filled in by TensorFlow
    const { shape, dtype, values } = full;
    return add('Fill', [integers(shape), stored({ shape: [], dtype, values: values.slice(0, 1) })]);
  };
  return { nodes, temporary, add, constant, integers, definition: definitions(binding) };
};

/** What a rule may know of the program around a step. */
export interface Surroundings {
  kind(input: Reference): Kind;
  /** The constant behind an input, if it is one. */
  constant(input: Reference): Constant | undefined;
  /** The step behind an input, if it is one. */
  step(input: Reference): Step | undefined;
  /** The input's place in the graph. */
  place(input: Reference): Reference;
}

/** @param place where the nodes of the program are in the graph */
export const surroundings = (
  program: Program,
  sources: readonly Metadata[],
  place: readonly Reference[],
): Surroundings => {
  const { constants, steps } = program;
  const first = sources.length + constants.length;
  const kinds: readonly (readonly Kind[])[] = [
    ...[...sources, ...constants].map(kind => [kind]),
    ...steps.map(step => step.outputs),
  ];
  return {
    kind: ([node, output]) => kinds[node]![output]!,
    constant: ([node]) => constants[node - sources.length],
    step: ([node]) => steps[node - first],
    place: ([node, output]) => [place[node]![0], place[node]![1] + output],
  };
};
