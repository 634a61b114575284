import { child, list, type Node, text } from './ast.js';
import { bare, rootOf } from './effects.js';

/** The names whose values, or parts of them, an expression hands on as they are: what is changed by one name shows by the other. */
export const handedOn = (node: Node): string[] => {
  const inner = bare(node);
  const from = (key: string) => handedOn(child(inner, key)!);
  switch (inner.type) {
    case 'Identifier':
      return [text(inner, 'name')];
    case 'MemberExpression':
      return handedOn(rootOf(inner));
    case 'ConditionalExpression':
      return [...from('consequent'), ...from('alternate')];
    case 'LogicalExpression':
      return [...from('left'), ...from('right')];
    case 'ArrayExpression':
      return list(inner, 'elements').flatMap(handedOn);
    case 'ObjectExpression':
      return list(inner, 'properties').flatMap(each => handedOn(child(each, 'value') ?? each));
    case 'SpreadElement':
      return from('argument');
    default:
      return [];
  }
};

/** A name with all that it may share its value with. */
export const sharing = (name: string, aliases: ReadonlyMap<string, ReadonlySet<string>>): string[] => {
  const found = [name];
  for (const each of found) for (const other of aliases.get(each) ?? []) if (!found.includes(other)) found.push(other);
  return found;
};
