import { child, type Node } from './ast.js';

/** What a piece of code does with the names that it does not declare itself, while it is walked through. */
export interface Found {
  readonly reads: Set<string>;
  /** Assigned to. */
  readonly assigns: Set<string>;
  /** Their value is changed: by an assignment to a part of it, or by `delete`. */
  readonly mutates: Set<string>;
  /** Methods that are called on them, which may change their value. */
  readonly calls: MethodCall[];
  /** Functions that they are handed to, which may change their value. */
  readonly passes: Pass[];
}

export interface MethodCall {
  readonly name: string;
  readonly method: string;
  /** Offsets of the end of the object, and of the method's name. */
  readonly object: number;
  readonly at: number;
  /** Nobody looks at what it returns. */
  readonly unused: boolean;
}

export interface Pass {
  readonly name: string;
  readonly to: string;
  readonly position: number;
}

export const noEffects = (): Found => ({
  reads: new Set(),
  assigns: new Set(),
  mutates: new Set(),
  calls: [],
  passes: [],
});

export const include = (into: Found, from: Found): void => {
  for (const name of from.reads) into.reads.add(name);
  for (const name of from.assigns) into.assigns.add(name);
  for (const name of from.mutates) into.mutates.add(name);
  into.calls.push(...from.calls);
  into.passes.push(...from.passes);
};

/** Methods of the language's own collections and iterators that change them. */
export const MUTATING =
  /^(?:push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear|next|return|throw)$/;

/** TypeScript around an expression that is there at run time, too. */
export const AROUND = /^TS(?:As|Satisfies|NonNull|Instantiation)Expression$|^TSTypeAssertion$|^TSParameterProperty$/;
export const FUNCTION = /^(?:Function|ArrowFunction)/;

/** What is inside a cast, an assertion, a chain or an await. */
export const bare = (node: Node): Node => {
  const wraps = AROUND.test(node.type) || /^(?:Parenthesized|Chain|Await)Expression$/.test(node.type);
  const inner = wraps ? (child(node, 'expression') ?? child(node, 'argument')) : undefined;
  return inner ? bare(inner) : node;
};

/** `a` of `a.b[0].c`. */
export const rootOf = (node: Node): Node => {
  const inner = bare(node);
  return inner.type === 'MemberExpression' ? rootOf(child(inner, 'object')!) : inner;
};
