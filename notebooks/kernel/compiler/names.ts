import { boundNames, child, children, list, moduleName, type Node, text } from './ast.js';

/** A name that a cell declares at its top level, and how a later cell gets at it. */
export interface Declared {
  readonly name: string;
  /**
   * 'fixed' (const, function, class, enum, type, …): an alias of the cell's export.
   * 'variable' (let, var): a `declare let`, so that later cells may assign.
   * 'imported': an alias of what the import brought.
   */
  readonly how: 'fixed' | 'variable' | 'imported';
}

/** The names that a cell declares at its top level, from the syntax tree of its TypeScript. */
export const declaredNames = (program: Node): Declared[] => {
  const seen = new Map<string, Declared>();
  for (const declared of list(program, 'body').flatMap(ofStatement)) seen.set(declared.name, declared);
  return [...seen.values()];
};

const ofStatement = (statement: Node): Declared[] => {
  switch (statement.type) {
    case 'ImportDeclaration':
      return imported(statement);
    case 'ExportNamedDeclaration': {
      const inner = child(statement, 'declaration');
      return inner ? ofStatement(inner) : [];
    }
    case 'ExportDefaultDeclaration': {
      const inner = child(statement, 'declaration');
      return inner && child(inner, 'id') ? ofStatement(inner) : [];
    }
    case 'VariableDeclaration':
      return variables(statement);
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
    case 'ClassDeclaration':
    case 'TSEnumDeclaration':
    case 'TSModuleDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSImportEqualsDeclaration':
      return fixed(statement);
    default:
      return nestedVars(statement);
  }
};

/** `declare global` and `declare module 'x'`: no names of the cell's own, they add to what all cells see. */
export const isAugmentation = (statement: Node): boolean =>
  statement.type === 'TSModuleDeclaration' &&
  (statement.kind === 'global' || child(statement, 'id')?.type === 'Literal');

/** What the cell's augmentations add to, each with the module that it is in. */
export const augmentedNames = (program: Node): string[] =>
  list(program, 'body')
    .filter(isAugmentation)
    .flatMap(statement => {
      const to = moduleName(child(statement, 'id'));
      return declaredNames(child(statement, 'body')!).map(({ name }) => `${to} ${name}`);
    });

const fixed = (statement: Node): Declared[] => {
  if (isAugmentation(statement)) return [];
  const name = text(child(statement, 'id'), 'name');
  return name === '' ? [] : [{ name, how: 'fixed' }];
};

const variables = (declaration: Node): Declared[] => {
  const names = list(declaration, 'declarations').flatMap(each => boundNames(child(each, 'id')));
  const changing = declaration.kind === 'let' || declaration.kind === 'var';
  return names.map(name => ({ name, how: changing ? 'variable' : 'fixed' }));
};

/** `var` inside a block or loop belongs to the top level as well. */
export const nestedVars = (statement: Node): Declared[] =>
  varDeclarations(statement).flatMap(declaration => variables(declaration));

/** What has a scope of its own, or no statements in it. */
const CLOSED = /Function|Class|^TS|Method|Expression$|Literal$|^Identifier$|Pattern$/;

export const varDeclarations = (node: Node): Node[] => {
  if (CLOSED.test(node.type)) return [];
  if (node.type === 'VariableDeclaration') return node.kind === 'var' ? [node] : [];
  return children(node).flatMap(varDeclarations);
};

const imported = (statement: Node): Declared[] =>
  list(statement, 'specifiers').map(each => ({ name: text(child(each, 'local'), 'name'), how: 'imported' }));
