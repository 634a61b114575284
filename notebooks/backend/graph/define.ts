import type { Binding, GraphFunction, GraphNode, Metadata, Reference } from './binding.js';
import { attributeType } from './binding.js';
import type { Definition } from './definition.js';
import { type Draft, draft, type Surroundings, surroundings, typed } from './draft.js';
import { fuse } from './fuse.js';
import { philoxInXla } from './philox-xla.js';
import { bfloat16 as productsInBfloat16 } from './precision.js';
import type { Program, Step } from './program.js';
import { graphRules, type Rule } from './rules.js';

/** What a program is compiled for. */
export interface Target {
  readonly xla: boolean;
  /** Products are taken in bfloat16. */
  readonly bfloat16: boolean;
  /** Threads that one operation may use; 0 for TensorFlow's own choice. */
  readonly threads: number;
}

const placeholder = (graph: Draft, { dtype, shape }: Metadata): Reference =>
  graph.add(
    'Placeholder',
    [],
    [typed('dtype', dtype), { name: 'shape', type: attributeType.shape, value: [...shape] }],
  );

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

const asRecorded = (step: Step, around: Surroundings, graph: Draft): Reference => {
  const definition = graph.definition(step.op);
  const inputs = grouped(step.inputs.map(around.place), definition);
  // tfjs-node passes some attributes that the op does not have; eager execution ignores them, a graph does not
  return graph.add(
    step.op,
    inputs,
    step.attributes.filter(a => definition.attributes.has(a.name)),
  );
};

const lower = (rules: readonly Rule[], step: Step, around: Surroundings, graph: Draft): Reference => {
  for (const rule of rules) {
    const place = rule(step, around, graph);
    if (place) return place;
  }
  return asRecorded(step, around, graph);
};

/**
 * Defines the program as a TensorFlow function: sources (arguments, variables, captures) to results and updates.
 * @param sources types and shapes of the sources
 */
export const define = (
  binding: Binding,
  name: string,
  recorded: Program,
  sources: readonly Metadata[],
  { xla, bfloat16, threads }: Target,
): void => {
  // an expression runs on one thread, as every operation of such a program does
  const program = threads > 0 ? fuse(recorded, sources) : recorded;
  const rules = [...(xla ? [philoxInXla] : []), ...(bfloat16 ? [productsInBfloat16(asRecorded)] : []), ...graphRules];
  const graph = draft(binding);
  const place: Reference[] = [];
  const around = surroundings(program, sources, place);
  try {
    for (const source of sources) place.push(placeholder(graph, source));
    for (const constant of program.constants) place.push(graph.constant(constant));
    for (const step of program.steps) place.push(lower(rules, step, around, graph));
    // a result may be an argument itself, which a function may not return; a copy it may
    const results = [...program.results, ...program.updates.map(u => u.value)];
    const outputs = results.map(result => graph.add('Identity', [around.place(result)]));
    const inputs = sources.map((_, i): Reference => [i, 0]);
    const definition: GraphFunction = { nodes: graph.nodes, inputs, outputs };
    binding.defineFunction(name, definition, xla, threads);
  } finally {
    for (const id of graph.temporary) binding.deleteTensor(id);
  }
};
