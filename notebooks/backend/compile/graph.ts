import {
  type Attribute,
  attributeType,
  type Binding,
  dataType,
  type GraphFunction,
  type GraphNode,
  type Metadata,
  type Reference,
} from './binding.js';
import { type Definition, definitions } from './definition.js';
import type { Program, Step } from './program.js';
import type { Constant } from './trace.js';

/** Constants of more elements than this are tested for being one value repeated. */
const SPLAT = 16;

const typed = (name: string, dtype: number): Attribute => ({ name, type: attributeType.type, value: dtype });

const placeholder = ({ dtype, shape }: Metadata): GraphNode => ({
  op: 'Placeholder',
  inputs: [],
  attributes: [typed('dtype', dtype), { name: 'shape', type: attributeType.shape, value: [...shape] }],
});

const isSplat = ({ values }: Constant): boolean =>
  ArrayBuffer.isView(values) && values.length > SPLAT && values.every(v => v === values[0]);

/** Groups flat inputs as the op's definition has them: at most one list, which takes what the others leave. */
const grouped = (inputs: readonly Reference[], { listInputs }: Definition): GraphNode['inputs'] => {
  const length = inputs.length - (listInputs.length - 1);
  let at = 0;
  return listInputs.map(list => {
    if (!list) return inputs[at++]!;
    at += length;
    return inputs.slice(at - length, at);
  });
};

/** Nodes under construction; places of the program become places of the graph, which has more nodes. */
interface Draft {
  readonly nodes: GraphNode[];
  readonly place: number[];
  /** Handles that live until the function is defined. */
  readonly temporary: number[];
}

const push = (draft: Draft, node: GraphNode): number => draft.nodes.push(node) - 1;

const tensorNode = (binding: Binding, draft: Draft, { shape, dtype, values }: Constant): number => {
  const id = binding.createTensor(shape, dtype, values);
  draft.temporary.push(id);
  const value: Attribute = { name: 'value', type: attributeType.tensor, value: id };
  return push(draft, { op: 'Const', inputs: [], attributes: [typed('dtype', dtype), value] });
};

/** A constant of one repeated value is stored once and filled by TensorFlow. */
const constantNode = (binding: Binding, draft: Draft, constant: Constant): number => {
  if (!isSplat(constant)) return tensorNode(binding, draft, constant);
  const { shape, dtype, values } = constant;
  const dims = { shape: [shape.length], dtype: dataType.int32, values: Int32Array.from(shape) };
  const one = { shape: [], dtype, values: values.slice(0, 1) };
  const a = tensorNode(binding, draft, dims);
  const b = tensorNode(binding, draft, one);
  return push(draft, { op: 'Fill', inputs: [[a, 0], [b, 0]], attributes: [] }); // biome-ignore format: pairs
};

const stepNode = (draft: Draft, step: Step, definition: Definition): GraphNode => {
  const inputs = step.inputs.map(([node, output]): Reference => [draft.place[node]!, output]);
  return {
    op: step.op,
    inputs: grouped(inputs, definition),
    // tfjs-node passes some attributes that the op does not have; eager execution ignores them, a graph does not
    attributes: step.attributes.filter(a => definition.attributes.has(a.name)),
  };
};

const draftOf = (binding: Binding, program: Program, sources: readonly Metadata[]): Draft => {
  const draft: Draft = { nodes: [], place: [], temporary: [] };
  const definition = definitions(binding);
  for (const source of sources) draft.place.push(push(draft, placeholder(source)));
  for (const constant of program.constants) draft.place.push(constantNode(binding, draft, constant));
  for (const step of program.steps) draft.place.push(push(draft, stepNode(draft, step, definition(step.op))));
  return draft;
};

/** A result may be an argument itself, which a function may not return twice; a copy may. */
const result = (draft: Draft, [node, output]: Reference): Reference => [
  push(draft, { op: 'Identity', inputs: [[draft.place[node]!, output]], attributes: [] }),
  0,
];

/**
 * Defines the program as a TensorFlow function: sources (arguments, variables, captures) to results and updates.
 * @param sources types and shapes of the sources
 */
export const define = (
  binding: Binding,
  name: string,
  program: Program,
  sources: readonly Metadata[],
  xla: boolean,
): void => {
  const draft = draftOf(binding, program, sources);
  const outputs = [...program.results, ...program.updates.map(u => u.value)].map(r => result(draft, r));
  const inputs = sources.map((_, i): Reference => [i, 0]);
  const graph: GraphFunction = { nodes: draft.nodes, inputs, outputs };
  try {
    binding.defineFunction(name, graph, xla);
  } finally {
    for (const id of draft.temporary) binding.deleteTensor(id);
  }
};
