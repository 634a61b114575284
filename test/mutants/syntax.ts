import { parseSync } from 'oxc-parser';

/** A node of the ESTree: its kind, its place in the text, and whatever else it has. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

/** Wrappers of the type language that hold a value. */
const VALUES: ReadonlySet<string> = new Set(['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression']);

/** Types have no behaviour; what an error says, and where an import comes from, is not arithmetic. */
const skipped = ({ type }: Node): boolean =>
  (type.startsWith('TS') && !VALUES.has(type)) || type === 'ImportDeclaration' || type === 'ThrowStatement';

const children = (node: Node): Node[] =>
  Object.entries(node).flatMap(([member, value]) => (member === 'typeAnnotation' ? [] : [value].flat().filter(isNode)));

/** Every node of a module that computes something, with the node around it, in the order of the text. */
export const nodesOf = (file: string, text: string): { node: Node; parent: Node }[] => {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  const found: { node: Node; parent: Node }[] = [];
  const visit = (node: Node, parent: Node): void => {
    if (skipped(node)) return;
    found.push({ node, parent });
    for (const child of children(node)) visit(child, node);
  };
  const whole = program as unknown as Node;
  visit(whole, whole);
  return found;
};

/** The node under a member, such as the left side of a sum. */
export const part = (node: Node, member: string): Node | undefined => {
  const value = node[member];
  return isNode(value) ? value : undefined;
};

/** The arguments of a call. */
export const argumentsOf = (node: Node): readonly Node[] => (node.arguments as readonly Node[] | undefined) ?? [];

/** `Math.sqrt` for Math.sqrt(…), `add` for add(…), 'alpha' for process.alpha(…) and anything deeper; else ''. */
export const calleeOf = (node: Node): string => {
  const callee = node.type === 'CallExpression' ? part(node, 'callee') : undefined;
  if (callee?.type === 'Identifier') return String(callee.name);
  if (callee?.type !== 'MemberExpression' || callee.computed) return '';
  const [object, property] = [part(callee, 'object'), part(callee, 'property')];
  return object?.type === 'Identifier' && object.name === 'Math' ? `Math.${property?.name}` : String(property?.name);
};
