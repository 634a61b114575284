import type { Reference } from '../graph/binding.js';
import type { Kind, Program, Step } from '../graph/program.js';
import { elementOf } from './element.js';
import { type Hlo, hlo, lines, typeOf, type Value } from './hlo.js';
import { rules } from './rules/index.js';
import type { Precision, Site } from './site.js';

export interface Lowered {
  /** A module of StableHLO: its function `main` takes the sources and returns results, then updates. */
  readonly text: string;
  /** For each source the output that may take its memory: the updated value of a variable. */
  readonly donated: readonly (number | undefined)[];
}

/** What stands where in a program: sources, constants, then the outputs of steps. */
interface Places {
  /** The value behind a reference, written when it is first needed: most constants are shapes and axes. */
  value(reference: Reference): Value;
  kind(reference: Reference): Kind;
  integers(reference: Reference): readonly number[];
}

const placesOf = (
  program: Program,
  sources: readonly Value[],
  kinds: readonly Kind[],
  made: readonly (readonly Value[])[],
  write: Hlo,
): Places => {
  const { constants, steps } = program;
  const first = sources.length + constants.length;
  const written = new Map<number, Value>();
  const constant = (node: number): Value => {
    const { values, shape, dtype } = constants[node - sources.length]!;
    if (!ArrayBuffer.isView(values)) throw new Error('it has strings');
    const value = written.get(node) ?? write.constant(values, shape, elementOf(dtype));
    written.set(node, value);
    return value;
  };
  return {
    value: ([node, output]) =>
      node < sources.length ? sources[node]! : node < first ? constant(node) : made[node - first]![output]!,
    kind: ([node, output]) =>
      node < sources.length
        ? kinds[node]!
        : node < first
          ? constants[node - sources.length]!
          : steps[node - first]!.outputs[output]!,
    integers: ([node]) => {
      const values = constants[node - sources.length]?.values;
      if (!(values instanceof Int32Array)) throw new Error('its shape or axes are computed');
      return Array.from(values);
    },
  };
};

const siteOf = (step: Step, places: Places, precision: Precision): Site => ({
  count: step.inputs.length,
  precision,
  input: i => places.value(step.inputs[i]!),
  shape: i => places.kind(step.inputs[i]!).shape,
  integers: i => places.integers(step.inputs[i]!),
  attribute: name => step.attributes.find(attribute => attribute.name === name)?.value,
  output: i => ({ shape: step.outputs[i]!.shape, element: elementOf(step.outputs[i]!.dtype) }),
});

const apply = (write: Hlo, step: Step, site: Site): readonly Value[] => {
  const rule = rules[step.op];
  if (!rule) throw new Error(`${step.op} has no form in StableHLO here`);
  try {
    const made = rule(write, site);
    const values = 'name' in made ? [made] : made;
    for (const [i, { shape }] of step.outputs.entries())
      if (String(values[i]?.shape) !== String(shape))
        throw new Error(`a result of [${values[i]?.shape}], not [${shape}]`);
    return values;
  } catch (error) {
    throw new Error(`${step.op} cannot be lowered: ${(error as Error).message}`);
  }
};

/** Which output takes the memory of which source. */
const donations = (program: Program, count: number): (number | undefined)[] => {
  const first = program.arguments.length;
  const { variables, updates, results } = program;
  return Array.from({ length: count }, (_, i) => {
    const at = updates.findIndex(({ variable }) => variable === variables[i - first]);
    return at < 0 ? undefined : results.length + at;
  });
};

/**
 * Writes a program as StableHLO.
 * @param kinds types and shapes of the sources: arguments, variables, captures
 * @throws Error that names the operation which has no rule, or why its rule does not apply
 */
export const lower = (program: Program, kinds: readonly Kind[], precision: Precision): Lowered => {
  const body = lines();
  const write = hlo(body);
  const sources = kinds.map(({ shape, dtype }, i): Value => ({ name: `%arg${i}`, shape, element: elementOf(dtype) }));
  const made: (readonly Value[])[] = [];
  const places = placesOf(program, sources, kinds, made, write);
  for (const step of program.steps) made.push(apply(write, step, siteOf(step, places, precision)));
  const outputs = [...program.results, ...program.updates.map(u => u.value)].map(places.value);
  const donated = donations(program, kinds.length);
  const parameters = sources.map((source, i) => {
    const aliased = donated[i] === undefined ? '' : ` {tf.aliasing_output = ${donated[i]} : i32}`;
    return `${source.name}: ${typeOf(source)}${aliased}`;
  });
  const types = outputs.map(typeOf).join(', ');
  const end = `"func.return"(${outputs.map(o => o.name).join(', ')}) : (${types}) -> ()`;
  const signature = `func.func public @main(${parameters.join(', ')}) -> (${types})`;
  return { text: `module @step {\n${signature} {\n${body.all.join('\n')}\n${end}\n}\n}\n`, donated };
};
