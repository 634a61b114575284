import { boundNames, child, children, list, type Node, text } from './ast.js';
import { AROUND, bare, type Found, FUNCTION, MUTATING, rootOf } from './effects.js';
import { ownNames } from './rename.js';

/** Goes through code and tells what it does with names that it does not declare. */
export interface Walk {
  /** Code that runs now. @param later is told of the functions in it */
  run(node: Node, into: readonly Found[], later?: readonly Found[]): void;
  /** What a function does when it is called. @returns positions of the parameters that it changes */
  call(fn: Node, into: readonly Found[]): Set<number>;
  /** Names in types, of all that was walked. */
  readonly types: Set<string>;
  /** Methods that change the object that they are called on. */
  readonly mutators: Set<string>;
  /** What is imported, as it is written. */
  readonly modules: Set<string>;
}

/** Where the walk is. */
interface Place {
  /** Who is told. */
  readonly into: readonly Found[];
  /** Who is told of the code in functions, which runs later. */
  readonly later?: readonly Found[];
  /** Local names, which mean nothing outside. */
  readonly hidden: ReadonlySet<string>;
  /** Parameters, by their position, of the function that is looked into, and those of them that it changes. */
  readonly parameters?: ReadonlyMap<string, number>;
  readonly changed?: Set<number>;
  /** The method whose `this` is meant. */
  readonly method?: string;
}

const NO_NAMES: ReadonlySet<string> = new Set();
/** Nodes that declare names for what is inside them. */
const SCOPED = /^(?:BlockStatement|StaticBlock|FunctionBody|SwitchStatement|CatchClause|ClassExpression|For.*)$/;

export const createWalk = (): Walk => {
  const types = new Set<string>();
  const mutators = new Set<string>();
  const modules = new Set<string>();

  /** Of a part of what a name means. */
  const mutate = (target: Node, { into, hidden, parameters, changed, method }: Place) => {
    const root = rootOf(target);
    if (root.type === 'ThisExpression' && method !== undefined) mutators.add(method);
    if (root.type !== 'Identifier') return;
    const name = text(root, 'name');
    const position = parameters?.get(name);
    if (position !== undefined) changed?.add(position);
    if (!hidden.has(name)) for (const each of into) each.mutates.add(name);
  };

  /** The left side of an assignment: names are assigned to, anything else is a part of something. */
  const assign = (target: Node, place: Place): void => {
    const node = bare(target);
    if (node.type === 'Identifier') {
      const name = text(node, 'name');
      if (!place.hidden.has(name)) for (const each of place.into) each.assigns.add(name);
    } else if (node.type === 'MemberExpression') {
      mutate(node, place);
      visit(node, place);
    } else if (node.type === 'AssignmentPattern') {
      assign(child(node, 'left')!, place);
      visit(child(node, 'right')!, place);
    } else {
      const parts = [...list(node, 'elements'), ...list(node, 'properties')];
      for (const part of parts) assign(child(part, 'value') ?? part, place);
      const rest = child(node, 'argument');
      if (rest) assign(rest, place);
    }
  };

  const methodCall = (callee: Node, args: readonly Node[], place: Place, unused: boolean) => {
    const object = child(callee, 'object')!;
    const property = child(callee, 'property')!;
    const method = text(property, 'name');
    const root = rootOf(object);
    const name = text(root, 'name');
    const { into, hidden, parameters, changed, method: own } = place;
    if (/^(?:Object|Reflect)$/.test(name) && /^(?:assign|set|define|delete)/.test(method)) {
      if (args[0]) mutate(args[0], place);
    } else if (root.type === 'ThisExpression') {
      if (own !== undefined && MUTATING.test(method)) mutators.add(own);
    } else if (root.type === 'Identifier' && method !== '') {
      const position = parameters?.get(name);
      if (position !== undefined && (unused || MUTATING.test(method))) changed?.add(position);
      const found = { name, method, object: object.end - 1, at: property.start, unused };
      if (!hidden.has(name)) for (const each of into) each.calls.push(found);
    }
  };

  const call = (node: Node, place: Place, unused: boolean) => {
    const callee = bare(child(node, 'callee')!);
    const args = list(node, 'arguments');
    if (callee.type === 'MemberExpression') return void methodCall(callee, args, place, unused);
    const to = text(callee, 'name');
    if (callee.type !== 'Identifier' || place.hidden.has(to)) return;
    args.forEach((argument, position) => {
      const root = rootOf(argument);
      const name = text(root, 'name');
      if (root.type !== 'Identifier' || place.hidden.has(name)) return;
      for (const each of place.into) each.passes.push({ name, to, position });
    });
  };

  const loaded = (node: Node) => {
    const source = child(node, 'source') ?? child(node, 'expression');
    if (source?.type === 'Literal') modules.add(text(source, 'value'));
  };

  const typesIn = (node: Node): void => {
    const heritage = /^TS.*(?:Implements|Heritage)$/.test(node.type);
    const named = child(node, 'typeName') ?? child(node, 'exprName') ?? (heritage && child(node, 'expression'));
    if (named) {
      let left = named;
      for (let at: Node | undefined = left; at; at = child(at, 'left') ?? child(at, 'object')) left = at;
      types.add(text(left, 'name'));
    }
    if (/^TS(?:ImportType|ExternalModuleReference)$/.test(node.type)) loaded(node);
    for (const inner of children(node)) typesIn(inner);
  };

  const hiding = (place: Place, names: readonly string[]): Place =>
    names.length === 0 ? place : { ...place, hidden: new Set([...place.hidden, ...names]) };

  const called = ({ later, ...place }: Place): Place => (later ? { ...place, into: later } : place);

  /** @param method by whose name a function is called that is no arrow: its `this` is another one */
  const functionIn = (fn: Node, outer: Place, method?: string): void => {
    const { method: ofOuter, ...free } = called(outer);
    const means = fn.type === 'ArrowFunctionExpression' ? ofOuter : method;
    const place = hiding(means === undefined || means === '' ? free : { ...free, method: means }, ownNames(fn));
    for (const part of [...list(fn, 'params'), child(fn, 'body'), child(fn, 'returnType')])
      if (part) visit(part, place);
  };

  const member = (node: Node, place: Place): void => {
    const key = child(node, 'key');
    if (key && node.computed === true) visit(key, place);
    for (const each of list(node, 'decorators')) visit(each, place);
    const annotation = child(node, 'typeAnnotation');
    if (annotation) typesIn(annotation);
    const value = child(node, 'value');
    if (!value) return;
    const method = node.kind === 'constructor' ? undefined : text(key, 'name') || text(key, 'value');
    // A field gets its value with each instance.
    const field = /^(?:Property|Accessor)./.test(node.type) && node.type !== 'Property' && node.static !== true;
    if (FUNCTION.test(value.type)) functionIn(value, place, method);
    else visit(value, field ? called(place) : place);
  };

  const inside = (node: Node, place: Place, ...keys: string[]): void => {
    for (const key of keys) {
      const inner = child(node, key);
      if (inner) visit(inner, place);
    }
  };

  const nothing = () => undefined;
  /** What is particular about a node; the others are their children. */
  const kinds: Readonly<Record<string, (node: Node, place: Place) => void>> = {
    Identifier(node, { into, hidden }) {
      const annotation = child(node, 'typeAnnotation');
      if (annotation) typesIn(annotation);
      const name = text(node, 'name');
      if (!hidden.has(name)) for (const each of into) each.reads.add(name);
    },
    JSXIdentifier(node, place) {
      if (/^[A-Z]/.test(text(node, 'name'))) kinds.Identifier!(node, place);
    },
    AssignmentExpression(node, place) {
      if (node.operator !== '=') inside(node, place, 'left');
      assign(child(node, 'left')!, place);
      inside(node, place, 'right');
    },
    UpdateExpression(node, place) {
      inside(node, place, 'argument');
      assign(child(node, 'argument')!, place);
    },
    UnaryExpression(node, place) {
      if (node.operator === 'delete') mutate(child(node, 'argument')!, place);
      inside(node, place, 'argument');
    },
    ForInStatement: (node, place) => loop(node, place),
    ForOfStatement: (node, place) => loop(node, place),
    CallExpression(node, place) {
      call(node, place, false);
      for (const inner of children(node)) visit(inner, place);
    },
    ExpressionStatement(node, place) {
      // The call under an await or a chain is the one whose value nobody takes.
      const inner = bare(child(node, 'expression')!);
      if (inner.type !== 'CallExpression') return visit(inner, place);
      call(inner, place, true);
      for (const each of children(inner)) visit(each, place);
    },
    MemberExpression(node, place) {
      inside(node, place, 'object', ...(node.computed === true ? ['property'] : []));
    },
    Property: member,
    MethodDefinition: member,
    PropertyDefinition: member,
    AccessorProperty: member,
    ClassDeclaration: (node, place) => classIn(node, place),
    ClassExpression: (node, place) => classIn(node, place),
    LabeledStatement: (node, place) => inside(node, place, 'body'),
    BreakStatement: nothing,
    ContinueStatement: nothing,
    MetaProperty: nothing,
    ImportDeclaration: loaded,
    ExportAllDeclaration: loaded,
    ExportNamedDeclaration: (node, place) => {
      loaded(node);
      inside(node, place, 'declaration');
    },
    ImportExpression(node, place) {
      loaded(node);
      inside(node, place, 'source', 'options');
    },
    TSEnumDeclaration(node, place) {
      for (const each of list(child(node, 'body') ?? node, 'members')) inside(each, place, 'initializer');
    },
    TSModuleDeclaration: (node, place) => inside(node, place, 'body'),
    TSModuleBlock(node, place) {
      for (const each of list(node, 'body')) visit(each, place);
    },
  };

  const loop = (node: Node, place: Place) => {
    const left = child(node, 'left')!;
    if (left.type === 'VariableDeclaration') visit(left, place);
    else assign(left, place);
    inside(node, place, 'right', 'body');
  };

  const classIn = (node: Node, place: Place) => {
    for (const each of [...list(node, 'decorators'), ...list(child(node, 'body')!, 'body')]) visit(each, place);
    inside(node, place, 'superClass');
    for (const each of [...list(node, 'implements'), child(node, 'superTypeArguments')]) if (each) typesIn(each);
  };

  const visit = (node: Node, outer: Place): void => {
    if (FUNCTION.test(node.type)) {
      functionIn(node, outer);
      return;
    }
    const place = SCOPED.test(node.type) ? hiding(outer, ownNames(node)) : outer;
    const kind = kinds[node.type];
    if (kind) kind(node, place);
    else if (node.type.startsWith('TS') && !AROUND.test(node.type)) typesIn(node);
    else for (const inner of children(node)) visit(inner, place);
  };

  return {
    run: (node, into, later) => visit(node, { into, hidden: NO_NAMES, ...(later ? { later } : {}) }),
    call(fn, into) {
      const changed = new Set<number>();
      const named = list(fn, 'params').map(boundNames);
      const parameters = new Map(named.flatMap((names, position) => names.map(name => [name, position] as const)));
      functionIn(fn, { into, hidden: NO_NAMES, parameters, changed });
      return changed;
    },
    types,
    mutators,
    modules,
  };
};
