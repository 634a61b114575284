/** The little of ESTree that the kernel looks at: a node is its type, its span, and children under any key. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

export const child = (node: Node, key: string): Node | undefined => {
  const value = node[key];
  return isNode(value) ? value : undefined;
};

export const list = (node: Node, key: string): Node[] => {
  const value = node[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
};

export const text = (node: Node | undefined, key: string): string => {
  const value = node?.[key];
  return typeof value === 'string' ? value : '';
};

export const children = (node: Node): Node[] => {
  const found: Node[] = [];
  for (const key in node) {
    const value = node[key];
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const each of value) if (isNode(each)) found.push(each);
    } else if (isNode(value)) found.push(value);
  }
  return found;
};

/** Depth first; a visitor that returns false keeps the walk out of a node's children. */
export const walk = (node: Node, visit: (node: Node) => boolean | undefined): void => {
  if (visit(node) === false) return;
  for (const inner of children(node)) walk(inner, visit);
};

/** The names that a binding pattern introduces: a, {b, c: d = 1, ...e}, [f, , g]. */
export const boundNames = (pattern: Node | undefined): string[] => {
  switch (pattern?.type) {
    case 'Identifier':
      return [text(pattern, 'name')];
    case 'AssignmentPattern':
      return boundNames(child(pattern, 'left'));
    case 'RestElement':
      return boundNames(child(pattern, 'argument'));
    case 'ArrayPattern':
      return list(pattern, 'elements').flatMap(boundNames);
    case 'ObjectPattern':
      return list(pattern, 'properties').flatMap(property => boundNames(child(property, 'value') ?? property));
    default:
      return [];
  }
};

/** `{ a as b }` and `{ 'a-b' as c }`: an import or export specifier's name is an identifier or a string. */
export const moduleName = (node: Node | undefined): string => text(node, 'name') || text(node, 'value');
