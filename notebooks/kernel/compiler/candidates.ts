import { boundNames, child, list, type Node, text, walk } from './ast.js';
import type { Completion } from './checker.js';

/**
 * Where any expression may begin, TypeScript would offer auto-imports too, which its API cannot do: these are the
 * names of the cell, of earlier cells, globals and keywords instead.
 */
export const candidates = (program: Node, earlier: readonly string[], globals: readonly Completion[]): Completion[] => {
  const names = [...new Set([...namesWithin(program), ...earlier])];
  const own = names.filter(name => name !== '').map(name => ({ name, kind: VARIABLE }));
  const known = new Set(names);
  const others = [...globals, ...KEYWORDS.map(name => ({ name, kind: KEYWORD }))];
  return [...own, ...others.filter(({ name }) => !known.has(name))];
};

/** LSP's CompletionItemKind. */
const VARIABLE = 6;
const KEYWORD = 14;
const KEYWORDS = (
  'abstract as async await break case catch class const continue declare default delete do else enum export extends ' +
  'false finally for function if implements import in instanceof interface keyof let namespace new null of readonly ' +
  'return satisfies static super switch this throw true try type typeof undefined unknown var void while yield'
).split(' ');

/** Every name that the cell binds, wherever: a completion may offer one too many. */
export const namesWithin = (program: Node): string[] => {
  const names: string[] = [];
  walk(program, node => {
    if (node.type === 'VariableDeclarator') names.push(...boundNames(child(node, 'id')));
    if (/Function|Arrow/.test(node.type)) names.push(...list(node, 'params').flatMap(boundNames));
    if (/Declaration$|Specifier$/.test(node.type)) names.push(text(child(node, 'id') ?? child(node, 'local'), 'name'));
    return undefined;
  });
  return names;
};
