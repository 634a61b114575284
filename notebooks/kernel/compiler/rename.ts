import { boundNames, child, children, list, type Node, text } from './ast.js';
import { varDeclarations } from './names.js';
import type { Edit } from './pieces.js';

/**
 * A cell may call something `process` or `performance`. In V8's REPL scope that name would hide the global from
 * every module of the process, Node's packages included, so such a name is kept under another one.
 */
export const isGlobal = (name: string): boolean => GLOBALS.has(name);
export const renamed = (name: string): string => `${name}$cell`;

/** What cells find under another name from the start: as globals, they would mislead packages. */
export const PLACES = ['__dirname', '__filename'] as const;

const GLOBALS = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  // What packages look for in order to find out where they run.
  ...'window self document location define exports module require __filename __dirname Deno Bun importScripts'.split(
    ' ',
  ),
]);

/** Renames every reference to these names that means the cells' scope, and not a local variable. */
export const renameEdits = (program: Node, names: ReadonlySet<string>): Edit[] => {
  const edits: Edit[] = [];
  if (names.size === 0) return edits;
  const visit = (node: Node, hidden: ReadonlySet<string>): void => {
    const local = new Set([...hidden, ...ownNames(node).filter(name => names.has(name))]);
    const name = text(node, 'name');
    if (node.type === 'Identifier' && names.has(name) && !local.has(name)) {
      edits.push({ start: node.start, end: node.end, text: renamed(name) });
    }
    if (node.type === 'Property' && node.shorthand === true) shorthand(node, local);
    else for (const inner of references(node)) visit(inner, local);
  };
  /** { process } → { process: process$cell }, in objects and patterns. */
  const shorthand = (property: Node, hidden: ReadonlySet<string>): void => {
    const name = text(child(property, 'key'), 'name');
    if (names.has(name) && !hidden.has(name)) {
      edits.push({ start: property.start, end: property.start, text: `${name}: ` });
    }
    visit(child(property, 'value')!, hidden);
  };
  for (const statement of list(program, 'body')) visit(statement, new Set());
  return edits;
};

/** Children in which an identifier is a reference or a binding: neither a key nor a label. */
const references = (node: Node): Node[] => {
  const skipped = [
    node.computed !== true && /^(MemberExpression|Property|MethodDefinition|PropertyDefinition)$/.test(node.type)
      ? child(node, node.type === 'MemberExpression' ? 'property' : 'key')
      : undefined,
    child(node, 'label'),
    child(node, 'imported'),
    child(node, 'exported'),
    node.type === 'MetaProperty' ? child(node, 'meta') : undefined,
    node.type === 'MetaProperty' ? child(node, 'property') : undefined,
  ];
  return children(node).filter(inner => !skipped.includes(inner));
};

const lexical = (statements: readonly Node[]): string[] =>
  statements.flatMap(statement => {
    const declares = statement.type === 'VariableDeclaration' && statement.kind !== 'var';
    if (declares) return list(statement, 'declarations').flatMap(each => boundNames(child(each, 'id')));
    return /^(Function|Class)Declaration$/.test(statement.type) ? boundNames(child(statement, 'id')) : [];
  });

/** Names that a node declares for what is inside it. */
export const ownNames = (node: Node): string[] => {
  if (/Function/.test(node.type)) {
    const body = child(node, 'body');
    const vars = body ? children(body).flatMap(varDeclarations) : [];
    const declared = vars.flatMap(each => list(each, 'declarations')).flatMap(each => boundNames(child(each, 'id')));
    const own = node.type === 'FunctionExpression' ? boundNames(child(node, 'id')) : [];
    return [...own, ...list(node, 'params').flatMap(boundNames), ...declared];
  }
  if (/^(BlockStatement|StaticBlock|FunctionBody)$/.test(node.type)) return lexical(list(node, 'body'));
  if (node.type === 'SwitchStatement') return lexical(list(node, 'cases').flatMap(each => list(each, 'consequent')));
  if (node.type === 'CatchClause') return boundNames(child(node, 'param'));
  if (node.type === 'ClassExpression') return boundNames(child(node, 'id'));
  const head = child(node, 'init') ?? child(node, 'left');
  return /^For/.test(node.type) && head ? lexical([head]) : [];
};
