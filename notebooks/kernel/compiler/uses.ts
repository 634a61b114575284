import { boundNames, child, list, type Node, text } from './ast.js';
import { changing, type TypesAt } from './changing.js';
import { bare, type Found, FUNCTION, include, type MethodCall, noEffects, type Pass, rootOf } from './effects.js';
import { declaredNames, isAugmentation } from './names.js';
import { handedOn, sharing } from './sharing.js';
import { createWalk, type Walk } from './use-walk.js';

/**
 * What a cell has to do with the names of other cells, as far as its text and its types tell. Names that no cell
 * declares, such as `Math`, are among those that it reads.
 */
export interface Uses extends Effects {
  readonly declares: readonly string[];
  /** Those of its names that an import declares. */
  readonly imported: readonly string[];
  /** Names in types and in functions: their declaration counts, and not the value that they have when the cell runs. */
  readonly mentions: readonly string[];
  /** What the functions in a value read and change once they are called, by the name of the value. */
  readonly holds: Readonly<Record<string, Held>>;
  /** Names that its own may share a value with: `a` for `b` after `const b = a.part`. */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  /** Methods that it declares which change their object. */
  readonly mutators: readonly string[];
  /** What it imports, as it is written. */
  readonly modules: readonly string[];
  /** Of its variables and functions, as TypeScript says them; literals as what they are literals of. */
  readonly types: Readonly<Record<string, string>>;
}

/** What code does when it runs. */
export interface Effects {
  readonly reads: readonly string[];
  readonly assigns: readonly string[];
  /** Names whose value it changes, without an assignment to them. */
  readonly mutates: readonly string[];
  /** Methods that it calls: whether they change the value as far as the cell tells; a class of another cell may know more. */
  readonly calls: readonly { readonly name: string; readonly method: string; readonly changes: boolean }[];
  /** Names that it hands to functions, which another cell may have declared. */
  readonly passes: readonly Pass[];
}

export interface Held extends Effects {
  /** Names whose functions it may have taken over. */
  readonly through: readonly string[];
  /** Positions of the parameters that it changes, where it is a function. */
  readonly changes: readonly number[];
}

/** @param typesAt without it, methods are judged by their names alone */
export const usesOf = (program: Node, typesAt?: TypesAt): Uses => {
  const declared = declaredNames(program);
  const own = new Set(declared.map(({ name }) => name));
  const { walk, direct, holds, aliases, places } = gather(program);
  const types = typesOf(places, typesAt);
  for (const [name, type] of types) if (SINGLE.test(type)) aliases.delete(name);
  callOwn(direct, own, holds);
  const changes = changing(program, typesAt);
  const told = (found: Found): Effects => {
    const shared = (name: string) => sharing(name, aliases);
    const changed = found.passes.filter(({ to, position }) => holds.get(to)?.changes.has(position));
    return {
      reads: [...found.reads],
      assigns: [...found.assigns],
      mutates: [...new Set([...found.mutates, ...changed.map(({ name }) => name)].flatMap(shared))],
      calls: distinct(found.calls).flatMap(call =>
        shared(call.name).map(name => ({ name, method: call.method, changes: changes(call) })),
      ),
      passes: found.passes.flatMap(pass => shared(pass.name).map(name => ({ ...pass, name }))),
    };
  };
  const isForeign = (name: string) => !own.has(name);
  const { reads, assigns, mutates, calls, passes } = told(direct);
  const later = [...holds.values()].flatMap(({ found }) => [...found.reads, ...found.assigns]);
  const mentions = new Set([...walk.types, ...later]);
  return {
    declares: [...own],
    imported: declared.filter(({ how }) => how === 'imported').map(({ name }) => name),
    reads: reads.filter(isForeign),
    assigns: assigns.filter(isForeign),
    mutates: mutates.filter(isForeign),
    calls: calls.filter(({ name }) => isForeign(name)),
    passes: passes.filter(({ name, to }) => isForeign(name) && isForeign(to)),
    mentions: [...mentions].filter(name => isForeign(name) && !direct.reads.has(name)),
    holds: Object.fromEntries(
      [...holds].flatMap(([name, { found, through, changes: positions }]) => {
        const held = { ...told(found), through: [...through], changes: [...positions] };
        return Object.values(held).some(({ length }) => length > 0) ? [[name, held]] : [];
      }),
    ),
    aliases: Object.fromEntries([...aliases].map(([name, each]) => [name, [...each]])),
    mutators: [...walk.mutators],
    modules: [...walk.modules],
    types: Object.fromEntries(types),
  };
};

const typesOf = (places: ReadonlyMap<string, number>, typesAt: TypesAt | undefined): [string, string][] => {
  if (!typesAt || places.size === 0) return [];
  const types = typesAt([...places.values()]);
  return [...places.keys()].map((name, at) => [name, widened(types[at] ?? '')]);
};

const widened = (type: string): string => {
  if (/^-?[\d.e+-]+$/.test(type)) return 'number';
  if (/^"(?:[^"\\]|\\.)*"$/.test(type)) return 'string';
  return /^(?:true|false)$/.test(type) ? 'boolean' : type;
};

interface Holding {
  readonly found: Found;
  readonly through: Set<string>;
  readonly changes: Set<number>;
}

interface Gathered {
  readonly walk: Walk;
  /** What the cell itself does. */
  readonly direct: Found;
  readonly holds: ReadonlyMap<string, Holding>;
  readonly aliases: Map<string, ReadonlySet<string>>;
  /** Where its variables and functions stand. */
  readonly places: ReadonlyMap<string, number>;
}

/** A value that is none but itself. */
const SINGLE =
  /^(?:(?:number|string|boolean|bigint|symbol|null|undefined|true|false|-?[\d.e+-]+n?|"[^"]*")(?: \| |$))+$/;

const gather = (program: Node): Gathered => {
  const walk = createWalk();
  const direct = noEffects();
  const holds = new Map<string, Holding>();
  const aliases = new Map<string, ReadonlySet<string>>();
  const places = new Map<string, number>();
  const held = (name: string): Holding => {
    const known = holds.get(name) ?? { found: noEffects(), through: new Set(), changes: new Set() };
    holds.set(name, known);
    return known;
  };

  const value = (id: Node, node: Node) => {
    const names = boundNames(id);
    if (id.type === 'Identifier') places.set(text(id, 'name'), id.start);
    const inner = bare(node);
    const all = names.map(held);
    const later = all.map(({ found }) => found);
    if (FUNCTION.test(inner.type)) {
      const changed = walk.call(inner, later);
      for (const each of all) for (const position of changed) each.changes.add(position);
      return;
    }
    const now = noEffects();
    walk.run(node, [direct, now], [direct, ...later]);
    for (const each of all) for (const name of now.reads) each.through.add(name);
    const shared = handedOn(inner);
    if (shared.length > 0) for (const name of names) aliases.set(name, new Set(shared));
  };

  const statement = (node: Node): void => {
    const id = child(node, 'id');
    const exported = node.type.startsWith('Export') ? child(node, 'declaration') : undefined;
    if (exported) statement(exported);
    else if (node.type === 'VariableDeclaration') list(node, 'declarations').forEach(variable);
    else if (node.type === 'FunctionDeclaration' && id) value(id, node);
    else if (node.type === 'ClassDeclaration' && id) {
      const { found, through } = held(text(id, 'name'));
      walk.run(node, [direct], [found]);
      for (const base of boundNames(child(node, 'superClass'))) through.add(base);
    } else if (node.type === 'ExpressionStatement') expression(node);
    else walk.run(node, isAugmentation(node) ? [] : [direct]);
  };

  const variable = (declarator: Node) => {
    const id = child(declarator, 'id')!;
    const init = child(declarator, 'init');
    // Defaults in a pattern, and the type.
    const around = noEffects();
    walk.run(id, [around]);
    for (const name of boundNames(id)) around.reads.delete(name);
    include(direct, around);
    if (init) value(id, init);
  };

  /** Functions that are assigned to something run when that is called. */
  const expression = (node: Node) => {
    const inner = bare(child(node, 'expression')!);
    const root = inner.type === 'AssignmentExpression' ? rootOf(child(inner, 'left')!) : undefined;
    const later = root?.type === 'Identifier' ? [held(text(root, 'name')).found] : [];
    walk.run(node, [direct], [direct, ...later]);
  };

  for (const each of list(program, 'body')) statement(each);
  return { walk, direct, holds, aliases, places };
};

/** What a cell's own functions do, it does as soon as it mentions one of them. */
const callOwn = (direct: Found, own: ReadonlySet<string>, holds: ReadonlyMap<string, Holding>): void => {
  const queue = [...direct.reads];
  for (const name of queue) {
    const mine = own.has(name) ? holds.get(name) : undefined;
    if (!mine) continue;
    for (const each of [...mine.found.reads, ...mine.through]) if (!queue.includes(each)) queue.push(each);
    include(direct, mine.found);
  }
};

const distinct = (calls: readonly MethodCall[]): MethodCall[] => [
  ...new Map(calls.map(call => [`${call.name}.${call.method} ${call.unused}`, call])).values(),
];
