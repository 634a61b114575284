import { child, list, moduleName, type Node, text, walk } from './ast.js';
import type { Edit } from './pieces.js';

/** What cells call behind the scenes: an object that user/runtime.ts puts into their scope. */
export const RUNTIME = '$tsnb';

/** The name that a cell's name goes by in the cells' scope. */
export type Naming = (name: string) => string;

/** An import declaration → the assignment of what it brings, and how reload() renews it. */
export const importStatement = (statement: Node, scopeName: Naming): string => {
  const specifiers = list(statement, 'specifiers');
  const star = specifiers.find(each => each.type === 'ImportNamespaceSpecifier');
  const named = specifiers.filter(each => each !== star);
  const outer = (each: Node) =>
    each.type === 'ImportDefaultSpecifier' ? 'default' : moduleName(child(each, 'imported'));
  const local = (each: Node) => scopeName(text(child(each, 'local'), 'name'));
  const wanted = `{ ${named.map(each => `${JSON.stringify(outer(each))}: ${local(each)}`).join(', ')} }`;
  if (specifiers.length === 0) return `await ${importCall(statement, [])};`;
  const renewals = named.map(each => {
    const key = JSON.stringify(outer(each));
    return `if (${local(each)} === $o[${key}]) ${local(each)} = $n[${key}];`;
  });
  if (star) renewals.push(`if (${local(star)} === $o) ${local(star)} = $n;`);
  const module = `await ${importCall(statement, named.map(outer), `($n, $o) => { ${renewals.join(' ')} }`)}`;
  if (star && named.length > 0) return `(${local(star)} = ${module}, ${wanted} = ${local(star)});`;
  return `(${star ? local(star) : wanted} = ${module});`;
};

/** The call that loads the module of an import or an `export … from`. */
export const importCall = (statement: Node, names: readonly string[], renew?: string): string => {
  const specifier = JSON.stringify(text(child(statement, 'source'), 'value'));
  const attributes = list(statement, 'attributes').map(
    each => `${JSON.stringify(moduleName(child(each, 'key')))}: ${JSON.stringify(moduleName(child(each, 'value')))}`,
  );
  const options = attributes.length > 0 ? `{ with: { ${attributes.join(', ')} } }` : 'undefined';
  return `${RUNTIME}.import(${[specifier, options, JSON.stringify(names), ...(renew ? [renew] : [])].join(', ')})`;
};

const contains = (outer: Node, inner: Node): boolean => outer.start <= inner.start && inner.end <= outer.end;

/**
 * import(…) and import.meta, wherever they stand: V8 has no referrer for them in a script that is evaluated.
 * await and for await: so that an interrupt ends the code that waits there.
 */
export const nestedEdits = (program: Node): Edit[] => {
  const edits: Edit[] = [];
  const around = ({ start, end }: Node, before: string) => {
    edits.push({ start, end: start, text: before }, { start: end, end, text: ')' });
  };
  const functions: Node[] = [];
  walk(program, node => {
    while (functions.length > 0 && !contains(functions.at(-1)!, node)) functions.pop();
    if (/Function/.test(node.type)) functions.push(node);
    if (node.type === 'AwaitExpression') {
      if (functions.length > 0) around(node, `${RUNTIME}.resume(${RUNTIME}.life(), `);
      else around(child(node, 'argument')!, `${RUNTIME}.wait(`);
    }
    if (node.type === 'ForOfStatement' && node.await === true) {
      around(child(node, 'right')!, `${RUNTIME}.${functions.length > 0 ? 'guard' : 'each'}(`);
    }
    if (node.type === 'ImportExpression') {
      edits.push({ start: node.start, end: node.start + 'import'.length, text: `${RUNTIME}.import` });
    }
    if (node.type === 'MetaProperty' && text(child(node, 'meta'), 'name') === 'import') {
      edits.push({ start: node.start, end: node.end, text: `${RUNTIME}.meta` });
    }
    return undefined;
  });
  return edits;
};
