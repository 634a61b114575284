import { argumentsOf, calleeOf, type Node, nodesOf, part } from './syntax.js';

/** A place in a text, and what a fault writes there. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly wrong: string;
  /** A function of TensorFlow.js that the wrong text calls, and the one that it replaces. */
  readonly needs?: string;
  readonly replaces?: string;
}

/** What may be mistaken in a formula, and where a node offers itself to it. `at` gives the text of a node. */
export interface Rule {
  readonly name: string;
  edits(node: Node, parent: Node, at: (node: Node) => string): readonly Edit[];
}

const instead = ({ start, end }: Node, wrong: string): Edit => ({ start, end, wrong });

const binary = (node: Node, ...operators: string[]): { left: Node; right: Node } | undefined => {
  if (node.type !== 'BinaryExpression' || !operators.includes(String(node.operator))) return undefined;
  const [left, right] = [part(node, 'left')!, part(node, 'right')!];
  const text = [left, right].some(
    ({ type, value }) => type === 'TemplateLiteral' || (type === 'Literal' && typeof value === 'string'),
  );
  return text ? undefined : { left, right };
};

/** Another operator in the place of this one. */
const operator = (name: string, ...pairs: readonly [from: string, to: string][]): Rule => ({
  name,
  edits(node, _, at) {
    const [, to] = pairs.find(([from]) => from === node.operator) ?? [];
    const sides = binary(node, ...pairs.map(([from]) => from));
    return sides ? [instead(node, `${at(sides.left)} ${to} ${at(sides.right)}`)] : [];
  },
});

/** Calls of a member become calls of another: process.alpha(t), Math.min(…). */
const member = (name: string, ...pairs: readonly [from: string, to: string][]): Rule => ({
  name,
  edits(node) {
    const [, to] = pairs.find(([from]) => from === calleeOf(node)) ?? [];
    const called = part(node, 'callee');
    return to && called?.type === 'MemberExpression'
      ? [instead(part(called, 'property')!, to.replace('Math.', ''))]
      : [];
  },
});

/** Calls of one function of TensorFlow.js become calls of another. */
const operation = (name: string, ...pairs: readonly [from: string, to: string][]): Rule => ({
  name,
  edits(node) {
    const [, to] = pairs.find(([from]) => from === calleeOf(node)) ?? [];
    const called = part(node, 'callee');
    return to && called?.type === 'Identifier' ? [{ ...instead(called, to), needs: to, replaces: calleeOf(node) }] : [];
  },
});

const swapped = (...pairs: readonly [string, string][]): [string, string][] =>
  pairs.flatMap(([a, b]): [string, string][] => [
    [a, b],
    [b, a],
  ]);

/** A call gives way to an expression in its first argument. */
const unwrapped = (name: string, names: readonly string[], wrong: (argument: string) => string): Rule => ({
  name,
  edits: (node, _, at) => {
    const [argument, ...rest] = argumentsOf(node);
    return argument && rest.length === 0 && names.includes(calleeOf(node)) ? [instead(node, wrong(at(argument)))] : [];
  },
});

const isNumber = (node: Node | undefined, value: number): boolean => node?.type === 'Literal' && node.value === value;

/** A name where its value is used, not where it is declared, a member or a key. */
const used = (node: Node, parent: Node): boolean =>
  node.type === 'Identifier' &&
  (parent.type === 'BinaryExpression' || (parent.type === 'CallExpression' && argumentsOf(parent).includes(node)));

const renamed = (name: string, ...pairs: readonly [string, string][]): Rule => ({
  name,
  edits(node, parent, at) {
    const [, to] = pairs.find(([from]) => from === at(node)) ?? [];
    return to !== undefined && used(node, parent) ? [instead(node, to)] : [];
  },
});

const sum = (node: Node) => binary(node, '+', '-');

export const rules: readonly Rule[] = [
  {
    name: 'sign',
    edits: (node, _, at) =>
      node.type === 'UnaryExpression' && node.operator === '-' ? [instead(node, at(part(node, 'argument')!))] : [],
  },
  operator('plus for minus', ['-', '+']),
  operator('minus for plus', ['+', '-']),
  operator('times for divided by', ['/', '*']),
  operator('divided by for times', ['*', '/']),
  operator('end of a range', ...swapped(['<', '<='], ['>', '>='])),
  {
    name: 'factor 2',
    edits(node, _, at) {
      const { left, right } = binary(node, '*', '/') ?? {};
      if (node.operator === '*' && isNumber(left, 2)) return [instead(node, `(${at(right!)})`)];
      if (isNumber(left, 0.5)) return [instead(left!, '1')];
      return isNumber(right, 2) ? [instead(node, `(${at(left!)})`)] : [];
    },
  },
  {
    name: 'square left out',
    edits(node, _, at) {
      const { left, right } = binary(node, '**') ?? {};
      return isNumber(right, 2) ? [instead(node, at(left!))] : [];
    },
  },
  {
    name: 'off by one',
    edits(node, _, at) {
      const { left, right } = sum(node) ?? {};
      return isNumber(right, 1) ? [instead(node, `(${at(left!)})`)] : [];
    },
  },
  {
    name: 'x for 1 − x',
    edits(node, _, at) {
      const { left, right } = binary(node, '-') ?? {};
      return isNumber(left, 1) ? [instead(node, `(${at(right!)})`)] : [];
    },
  },
  {
    name: 'term dropped',
    edits(node, _, at) {
      const { left, right } = sum(node) ?? {};
      if (left && right && !isNumber(right, 1)) return [instead(node, `(${at(left)})`)];
      const [first, second] = argumentsOf(node);
      return second && ['add', 'sub'].includes(calleeOf(node)) ? [instead(node, at(first!))] : [];
    },
  },
  unwrapped('root left out', ['Math.sqrt', 'sqrt'], x => `(${x})`),
  unwrapped('exp − 1 for expm1', ['Math.expm1'], x => `(Math.exp(${x}) - 1)`),
  unwrapped('log(1 + x) for log1p', ['Math.log1p'], x => `Math.log(1 + (${x}))`),
  unwrapped('exponent’s sign', ['Math.exp'], x => `Math.exp(-(${x}))`),
  unwrapped('tensor’s function left out', ['neg', 'square', 'exp', 'log', 'abs'], x => x),
  member('α and σ swapped', ...swapped(['alpha', 'sigma'])),
  member('drift and noise swapped', ...swapped(['f', 'g'])),
  member('min and max swapped', ...swapped(['Math.min', 'Math.max'])),
  member('sin and cos swapped', ...swapped(['Math.sin', 'Math.cos'])),
  member('floor and ceiling swapped', ...swapped(['Math.floor', 'Math.ceil'])),
  operation('minimum and maximum of tensors swapped', ...swapped(['minimum', 'maximum'])),
  operation('sine and cosine of tensors swapped', ...swapped(['sin', 'cos'])),
  operation('plus and minus of tensors swapped', ...swapped(['add', 'sub'])),
  operation('times and divided by of tensors swapped', ...swapped(['mul', 'div'])),
  operation('sum and mean of tensors swapped', ...swapped(['sum', 'mean'])),
  renamed('start and end of the step swapped', ...swapped(['t', 'u'])),
  renamed('α and σ’s values swapped', ...swapped(['alpha', 'sigma'])),
  {
    name: 'Jacobian’s sign',
    edits(node, _, at) {
      if (calleeOf(node) === 'logDeterminant') return [instead(node, `-${at(node)}`)];
      const turned = ['divergence', 'quadraticForm'].includes(calleeOf(node));
      return turned ? [{ ...instead(node, `neg(${at(node)})`), needs: 'neg' }] : [];
    },
  },
];

/** A fault as a rule makes it. */
export interface Mutant extends Edit {
  readonly rule: string;
  /** From lib/. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** What stood there. */
  readonly right: string;
}

/** Whether the text imports a function of this name from TensorFlow.js; it may have one of its own. */
export const importsOperation = (text: string, name: string): boolean =>
  new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from '@tensorflow/tfjs-core'`).test(text);

/** All faults that the rules make in one file. */
export const mutantsOf = (file: string, text: string): Mutant[] => {
  const at = ({ start, end }: Node) => text.slice(start, end);
  const known = ({ replaces }: Edit): boolean => replaces === undefined || importsOperation(text, replaces);
  return nodesOf(file, text).flatMap(({ node, parent }) =>
    rules.flatMap(rule =>
      rule
        .edits(node, parent, at)
        .filter(known)
        .map(edit => ({
          ...edit,
          rule: rule.name,
          file,
          line: text.slice(0, edit.start).split('\n').length,
          right: text.slice(edit.start, edit.end),
        })),
    ),
  );
};
