import { boundNames, child, list, type Node, text } from './ast.js';
import { importCall, importStatement, type Naming, nestedEdits, RUNTIME } from './calls.js';
import { varDeclarations } from './names.js';
import { copyEdited, type Edit, type Pieces, pieces } from './pieces.js';
import { renamed, renameEdits } from './rename.js';

export interface Rewritten {
  readonly script: Pieces;
  /** What the cell declares, as `let`, before the script runs. */
  readonly names: readonly string[];
}

export interface RewriteOptions {
  /** Names of cells that hide a global, and are kept under another name. */
  readonly names?: ReadonlySet<string>;
  /**
   * Whether the cell ended in an expression before it was lowered: helpers follow a class with decorators, and `using`
   * puts the statements in a try statement. Without it, the program is as the cell was.
   */
  readonly endsInExpression?: boolean | undefined;
}

/**
 * JavaScript of one cell → a script for V8's REPL mode, where every cell's top-level names live in one scope:
 *
 *   let a, f, C;                                names first, all as `let`: the scope refuses to redeclare a name as
 *   f = function () {…};                        another kind of declaration
 *   $tsnb.run((async function () {              the work, which may await, and has no `this`
 *     ({ a } = await $tsnb.import("./a.js"));
 *     C = class C {…};
 *     $tsnb.result((new C(a)));                 the value of a last expression
 *   })());
 *
 * TypeScript has already refused an assignment to a const.
 */
export const rewrite = (program: Node, source: string, options: RewriteOptions = {}): Rewritten => {
  const { names = new Set<string>(), endsInExpression } = options;
  const scopeName = (name: string) => (names.has(name) ? renamed(name) : name);
  const out = pieces(source);
  // `export {}` is what remains of a module whose imports were types only.
  const body = list(program, 'body').filter(statement => !isEmptyExport(statement));
  const last = endsInExpression === false ? undefined : body.at(-1);
  const [before, after] = endsInExpression ? aroundLoweredValue(last) : [[], []];
  const edits = [
    ...before,
    ...nestedEdits(program),
    ...body.flatMap(declarationsOf).flatMap(each => assignments(each, source)),
    ...renameEdits(program, names),
    ...after,
  ];
  const declared = new Set(body.flatMap(namesOf).map(scopeName));
  out.insert('"use strict";');
  for (const statement of body) hoistFunction(out, functionOf(statement), edits, scopeName);
  out.insert(`${RUNTIME}.run((async function () {\n`);
  for (const statement of body.filter(each => !functionOf(each))) {
    topLevel({ out, edits, scopeName }, statement, statement === last);
    out.insert('\n');
  }
  out.insert('})());');
  return { script: out, names: [...declared] };
};

const isEmptyExport = (statement: Node): boolean =>
  statement.type === 'ExportNamedDeclaration' && !child(statement, 'declaration') && !child(statement, 'source');

const exportedOrSelf = (statement: Node): Node =>
  (statement.type.startsWith('Export') && child(statement, 'declaration')) || statement;

/** The variable declarations whose names belong to the cell: of its top level, and `var` from its blocks. */
const declarationsOf = (statement: Node): Node[] => {
  const inner = exportedOrSelf(statement);
  return inner.type === 'VariableDeclaration' ? [inner] : varDeclarations(inner);
};

const namesOf = (statement: Node): string[] => {
  const inner = exportedOrSelf(statement);
  if (/^(Function|Class)Declaration$/.test(inner.type)) return boundNames(child(inner, 'id'));
  if (inner.type === 'ImportDeclaration')
    return list(inner, 'specifiers').map(each => text(child(each, 'local'), 'name'));
  const declarations = declarationsOf(inner).flatMap(each => list(each, 'declarations'));
  return declarations.flatMap(each => boundNames(child(each, 'id')));
};

/** The function that a statement declares, also under `export`. */
const functionOf = (statement: Node): Node | undefined => {
  const inner = statement.type.startsWith('Export') ? child(statement, 'declaration') : statement;
  return inner?.type === 'FunctionDeclaration' && child(inner, 'id') ? inner : undefined;
};

const hoistFunction = (out: Pieces, declared: Node | undefined, edits: readonly Edit[], scopeName: Naming): void => {
  const id = declared && child(declared, 'id');
  if (!declared || !id) return;
  // Anonymous on the right: the name then means the variable, so that recursion sees a later redefinition.
  out.insert(`${scopeName(text(id, 'name'))} = `);
  copyEdited(out, declared.start, id.start, edits);
  copyEdited(out, id.end, declared.end, edits);
  out.insert(';\n');
};

interface Target {
  readonly out: Pieces;
  readonly edits: readonly Edit[];
  readonly scopeName: Naming;
}

const topLevel = (target: Target, statement: Node, last: boolean): void => {
  const { out, edits, scopeName } = target;
  const inner = child(statement, 'declaration');
  const exported = statement.type === 'ExportNamedDeclaration' || inner?.type === 'ClassDeclaration';
  if (statement.type === 'ImportDeclaration') out.insert(importStatement(statement, scopeName));
  else if (exported && inner) topLevel(target, inner, last);
  else if (inner && statement.type === 'ExportDefaultDeclaration') result(out, inner, edits);
  else if (statement.type.startsWith('Export')) out.insert(`await ${importCall(statement, [])};`);
  else if (statement.type === 'ClassDeclaration') classStatement(target, statement);
  else if (last && statement.type === 'ExpressionStatement') result(out, child(statement, 'expression')!, edits);
  else copyEdited(out, statement.start, statement.end, edits);
};

const classStatement = ({ out, edits, scopeName }: Target, statement: Node): void => {
  const id = child(statement, 'id');
  out.insert(id ? `${scopeName(text(id, 'name'))} = ` : `${RUNTIME}.result(`);
  copyEdited(out, statement.start, statement.end, edits);
  out.insert(id ? ';' : ');');
};

/** The edits before and after the value that a try statement holds, outside of all others at the same places. */
const aroundLoweredValue = (last: Node | undefined): [Edit[], Edit[]] => {
  const inside = last?.type === 'TryStatement' ? list(child(last, 'block')!, 'body').at(-1) : undefined;
  const expression = inside?.type === 'ExpressionStatement' ? child(inside, 'expression') : undefined;
  if (!expression) return [[], []];
  const { start, end } = expression;
  return [[{ start, end: start, text: `${RUNTIME}.result((` }], [{ start: end, end, text: '))' }]];
};

const result = (out: Pieces, expression: Node, edits: readonly Edit[]): void => {
  out.insert(`${RUNTIME}.result((`);
  copyEdited(out, expression.start, expression.end, edits);
  out.insert('));');
};

/** A declaration → an assignment to its names, which are declared ahead. */
const assignments = (declaration: Node, source: string): Edit[] => {
  const declarations = list(declaration, 'declarations');
  const first = declarations[0]!;
  // `for (var x of xs)` has a binding without a value: only the keyword goes.
  const inLoop = source.slice(0, declaration.start).trimEnd().endsWith('(');
  const keyword = { start: declaration.start, end: first.start, text: inLoop ? '' : '(' };
  const empty = declarations
    .filter(each => !child(each, 'init') && !inLoop)
    .map(each => ({ start: each.end, end: each.end, text: ' = undefined' }));
  const end = declarations.at(-1)!.end;
  return inLoop ? [keyword] : [keyword, ...empty, { start: end, end, text: ')' }];
};
