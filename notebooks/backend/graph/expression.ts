import { attributeType, dataType, type Reference } from './binding.js';
import { elements, type Step } from './program.js';

/** Operations that an expression may hold, with the codes of elementwise.cc. AddN is a chain of sums. */
const codes: Readonly<Record<string, number>> = {
  Add: 0,
  AddV2: 0,
  AddN: 0,
  Sub: 1,
  Mul: 2,
  RealDiv: 3,
  Div: 3,
  Maximum: 4,
  Minimum: 5,
  SquaredDifference: 6,
  Neg: 7,
  Square: 8,
  Sqrt: 9,
  Rsqrt: 10,
  Sigmoid: 11,
};

export const isElementwise = (op: string): boolean => op in codes;

/** A value from outside, with its shape. */
export interface Outside {
  readonly at: Reference;
  readonly shape: readonly number[];
}

/** An operation of an expression: each operand comes from outside, or is the result of an earlier term by its index. */
export interface Term {
  readonly op: string;
  readonly shape: readonly number[];
  readonly operands: readonly (Outside | number)[];
}

export interface Expression {
  readonly terms: readonly Term[];
  /** The terms that are wanted outside. */
  readonly outputs: readonly number[];
}

/**
 * How an input of a shape is read for a result of another: neighbouring axes that are both stretched or both not become
 * one, [sizes…, strides…].
 */
const view = (own: readonly number[], shape: readonly number[]): number[] => {
  const padded = [...shape.slice(own.length).map(() => 1), ...own];
  const sizes: number[] = [];
  const strides: number[] = [];
  let step = elements(own);
  shape.forEach((n, i) => {
    step /= padded[i]!;
    if (n === 1) return;
    const stride = padded[i] === 1 ? 0 : step;
    const before = strides.at(-1);
    const joins = before !== undefined && (before === 0 ? stride === 0 : stride !== 0);
    if (joins) {
      sizes.push(sizes.pop()! * n);
      strides[strides.length - 1] = stride;
    } else {
      sizes.push(n);
      strides.push(stride);
    }
  });
  return sizes.length === 1 && strides[0] === 0 ? [0] : [sizes.length, ...sizes, ...strides];
};

/** The inputs of an expression, each once for every way in which it is read. */
const inputsOf = (size: number) => {
  const inputs: Reference[] = [];
  const views: number[][] = [];
  const places = new Map<string, number>();
  const place = ({ at, shape: own }: Outside, shape: readonly number[]): number => {
    // a whole input is read from end to end, whatever its shape
    const seen = elements(own) === size ? [1, size, 1] : view(own, shape);
    const key = `${at} as ${seen}`;
    const found = places.get(key);
    if (found !== undefined) return found;
    places.set(key, inputs.length);
    views.push(seen);
    return inputs.push(at) - 1;
  };
  return { inputs, views, place };
};

/** The expression as a step, with one output for each term that is wanted. */
export const expressionStep = ({ terms, outputs }: Expression): Step => {
  const size = elements(terms[0]!.shape);
  const { inputs, views, place } = inputsOf(size);
  for (const { operands, shape } of terms)
    for (const operand of operands) if (typeof operand !== 'number') place(operand, shape);
  const lines: number[][] = [];
  const values: number[] = [];
  for (const { op, operands, shape } of terms) {
    const [first, ...rest] = operands.map(operand =>
      typeof operand === 'number' ? values[operand]! : place(operand, shape),
    );
    const others = rest.length > 0 ? rest : [first!];
    values.push(others.reduce((a, b) => inputs.length + lines.push([codes[op]!, a, b]) - 1, first!));
  }
  const wanted = outputs.map(k => [values[k]!, terms[k]!.shape.length, ...terms[k]!.shape]);
  const parts = [[size, inputs.length], views, [lines.length], lines, [outputs.length], wanted];
  return {
    op: 'ScoreElementwise',
    attributes: [
      { name: 'n', type: attributeType.int, value: inputs.length },
      { name: 'm', type: attributeType.int, value: outputs.length },
      { name: 'expression', type: attributeType.int, value: parts.flat(2) },
    ],
    inputs,
    outputs: outputs.map(k => ({ shape: terms[k]!.shape, dtype: dataType.float32 })),
  };
};
