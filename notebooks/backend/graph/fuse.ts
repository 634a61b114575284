import { dataType, type Reference } from './binding.js';
import { expressionStep, isElementwise, type Term } from './expression.js';
import { elements, type Kind, type Program, type Step } from './program.js';

/** Terms that one expression holds at most: their intermediate values have to fit into a core's nearest caches. */
const MOST = 32;

/** Elementwise steps that become one expression; open until a step outside needs one of its results. */
interface Group {
  /** Positions of the steps in the program. */
  members: number[];
  readonly size: number;
}

/** What is known of a program before it is rewritten. */
interface Facts {
  readonly first: number;
  kind(input: Reference): Kind;
  /** The step behind a reference, by its position; undefined for sources and constants. */
  position(input: Reference): number | undefined;
  /** The reference behind steps that change a shape alone. */
  root(input: Reference): Reference;
  /** Positions of the steps that use a step's value, through changes of shape too; −1 for results of the program. */
  readonly users: ReadonlyMap<number, readonly number[]>;
}

/** Only the shape differs, or nothing at all. */
const isAlias = (step: Step, kind: (input: Reference) => Kind): boolean =>
  (['Reshape', 'Cast', 'Identity'].includes(step.op) || (step.op === 'AddN' && step.inputs.length === 1)) &&
  kind(step.inputs[0]!).dtype === step.outputs[0]!.dtype;

const factsOf = (program: Program, sources: readonly Kind[]): Facts => {
  const { constants, steps } = program;
  const given = [...sources, ...constants];
  const first = given.length;
  const kind = ([node, output]: Reference): Kind => given[node] ?? steps[node - first]!.outputs[output]!;
  const position = ([node]: Reference) => (node < first ? undefined : node - first);
  const root = (input: Reference): Reference => {
    const at = position(input);
    return at !== undefined && isAlias(steps[at]!, kind) ? root(steps[at]!.inputs[0]!) : input;
  };
  const users = new Map<number, number[]>();
  const use = (input: Reference, user: number): void => {
    const at = position(root(input));
    if (at !== undefined) users.set(at, [...(users.get(at) ?? []), user]);
  };
  steps.forEach((step, k) => {
    if (!isAlias(step, kind)) for (const input of step.inputs) use(input, k);
  });
  for (const result of [...program.results, ...program.updates.map(u => u.value)]) use(result, -1);
  return { first, kind, position, root, users };
};

/** A sum with a bias, which oneDNN adds within the convolution. */
const isBias = (step: Step, { steps }: Program, { kind, position }: Facts): boolean => {
  const [x, b] = step.inputs as [Reference, Reference];
  const at = position(x);
  return step.op.startsWith('Add') && at !== undefined && steps[at]!.op === 'Conv2D' && kind(b).shape.length === 1;
};

const fits = (step: Step, program: Program, facts: Facts): boolean =>
  isElementwise(step.op) &&
  [...step.inputs.map(facts.kind), ...step.outputs].every(({ dtype }) => dtype === dataType.float32) &&
  !isBias(step, program, facts);

/**
 * Joins elementwise steps of one size, whatever their shapes, into expressions that one pass over memory computes. A
 * step joins those that made its operands as long as nothing outside has used a result of theirs: then nothing outside
 * lies between them.
 */
export const fuse = (program: Program, sources: readonly Kind[]): Program => {
  const { steps } = program;
  const facts = factsOf(program, sources);
  const { first, kind, position, root, users } = facts;
  const made: Step[] = [];
  const renamed = new Map<string, Reference>();
  const open = new Map<number, Group>();

  const emit = (step: Step, names: readonly Reference[]): void => {
    names.forEach((name, output) => {
      renamed.set(String(name), [first + made.length, output]);
    });
    made.push(step);
  };
  const own = (at: number): Reference[] => steps[at]!.outputs.map((_, output) => [first + at, output]);
  const alone = (at: number): void => {
    const step = steps[at]!;
    emit({ ...step, inputs: step.inputs.map(required) }, own(at));
  };

  /** Of a chain of changes of shape the last one is left, if it changes anything. */
  const enter = (at: number): void => {
    const { op, inputs, outputs } = steps[at]!;
    const [name] = own(at);
    const from = root(inputs[0]!);
    const same = String(kind(from).shape) === String(outputs[0]!.shape);
    if (op === 'Reshape' && !same) emit({ ...steps[at]!, inputs: [required(from), inputs[1]!] }, [name!]);
    else renamed.set(String(name), required(same ? from : inputs[0]!));
  };

  const close = (group: Group): void => {
    const members = group.members.sort((a, b) => a - b);
    for (const at of members) open.delete(at);
    if (members.length === 1) {
      alone(members[0]!);
      return;
    }
    const index = new Map(members.map((at, k) => [at, k]));
    const operand = (input: Reference) =>
      index.get(position(root(input)) ?? -1) ?? { at: required(input), shape: kind(input).shape };
    const terms = members.map((at): Term => {
      const { op, inputs, outputs } = steps[at]!;
      return { op, shape: outputs[0]!.shape, operands: inputs.map(operand) };
    });
    const wanted = members.filter(at => users.get(at)?.some(user => !index.has(user)));
    const step = expressionStep({ terms, outputs: wanted.map(at => index.get(at)!) });
    emit(step, wanted.flatMap(own));
  };

  /** The place of a value in the new program, which it enters now if it has not yet. */
  const required = (input: Reference): Reference => {
    const at = position(input);
    if (at === undefined) return input;
    const group = open.get(at);
    if (group) close(group);
    // all but changes of shape are there by now
    else if (!renamed.has(String(input))) enter(at);
    return renamed.get(String(input))!;
  };

  const join = (at: number): void => {
    const step = steps[at]!;
    const size = elements(step.outputs[0]!.shape);
    const groups = new Set<Group>();
    for (const input of step.inputs) {
      const group = open.get(position(root(input)) ?? -1);
      const room = [...groups].reduce((n, g) => n + g.members.length, 1 + (group?.members.length ?? 0)) <= MOST;
      if (group?.size === size && room) groups.add(group);
      else required(input);
    }
    // to make room for an operand may have closed a group that another operand is in
    const members = [...groups].filter(group => group.members.every(m => open.has(m))).flatMap(g => g.members);
    const joined: Group = { members: [...members, at], size };
    for (const member of joined.members) open.set(member, joined);
  };

  steps.forEach((step, at) => {
    if (isAlias(step, kind)) return;
    if (fits(step, program, facts)) join(at);
    else alone(at);
  });
  return {
    ...program,
    results: program.results.map(required),
    updates: program.updates.map(update => ({ ...update, value: required(update.value) })),
    steps: made,
  };
};
