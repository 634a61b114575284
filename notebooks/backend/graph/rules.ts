import type { Reference } from './binding.js';
import { type Draft, flag, type Surroundings } from './draft.js';
import { elements, type Step } from './program.js';

/**
 * Another way to compute a step, equal up to rounding, that TensorFlow's kernels do faster; undefined where the rule
 * does not apply. A rule sees one step and what surrounds it.
 */
export type Rule = (step: Step, around: Surroundings, draft: Draft) => Reference | undefined;

/** Axes that touch each other, with axes of length 1 between them left out, form one group. */
const groups = (axes: readonly number[], shape: readonly number[]): number[][] => {
  const out: number[][] = [];
  for (const axis of axes.filter(a => shape[a] !== 1)) {
    const last = out.at(-1);
    const between = last ? shape.slice(last.at(-1)! + 1, axis) : [0];
    if (between.every(n => n === 1)) last!.push(axis);
    else out.push([axis]);
  }
  return out;
};

/**
 * Σ over axes apart from each other, such as pixels and channels of a group in [B, HW, G, C/G], one group of axes at
 * a time: each is then a reduction that runs along memory.
 */
const apart: Rule = (step, around, draft) => {
  if (!['Sum', 'Mean', 'Max'].includes(step.op)) return undefined;
  const [input, axes] = step.inputs as [Reference, Reference];
  const { shape } = around.kind(input);
  const values = around.constant(axes)?.values;
  if (!(values instanceof Int32Array)) return undefined;
  const sorted = Array.from(values, a => (a < 0 ? a + shape.length : a)).sort((a, b) => a - b);
  const parts = groups(sorted, shape);
  if (parts.length < 2) return undefined;
  const attributes = step.attributes.filter(a => a.name !== 'keep_dims');
  const reduced = parts.reduce(
    (x, part) => draft.add(step.op, [x, draft.integers(part)], [...attributes, flag('keep_dims', true)]),
    around.place(input),
  );
  return draft.add('Reshape', [reduced, draft.integers(step.outputs[0]!.shape)]);
};

/** Runs of axes that are stretched (true) or not, seen from the smaller operand. */
const runs = (small: readonly number[], shape: readonly number[]): boolean[] =>
  shape
    .map((n, i) => [n, small[i]!] as const)
    .filter(([n]) => n !== 1)
    .map(([n, m]) => n !== m)
    .filter((stretched, i, all) => stretched !== all[i - 1]);

const binary = new Set(['Add', 'AddV2', 'Sub', 'Mul', 'RealDiv', 'Div', 'Maximum', 'Minimum', 'SquaredDifference']);

/**
 * [B, HW, G, k] with [B, 1, G, 1] becomes [B, HW, G·k] with [B, 1, G·k] when the small operand is stretched along its
 * last axis first: then the inner loop is long.
 */
const stretched: Rule = (step, around, draft) => {
  const shape = step.outputs[0]!.shape;
  if (!binary.has(step.op)) return undefined;
  const inputs = step.inputs.map(input => {
    const own = around.kind(input).shape;
    const padded = [...shape.slice(own.length).map(() => 1), ...own];
    const pattern = runs(padded, shape);
    if (pattern.length < 3 || pattern.at(-1) !== true || 16 * elements(own) > elements(shape)) return undefined;
    const target = [...padded.slice(0, -1), shape.at(-1)!];
    return draft.add('BroadcastTo', [around.place(input), draft.integers(target)]);
  });
  if (inputs.every(input => input === undefined)) return undefined;
  const places = inputs.map((input, i) => input ?? around.place(step.inputs[i]!));
  return draft.add(step.op, places, step.attributes);
};

/** Convolution and bias are one oneDNN operation if the bias is added by the op for that. */
const bias: Rule = (step, around, draft) => {
  if (step.op !== 'Add' && step.op !== 'AddV2') return undefined;
  const [x, b] = step.inputs as [Reference, Reference];
  const channels = around.kind(b).shape;
  if (around.step(x)?.op !== 'Conv2D' || channels.length !== 1) return undefined;
  if (channels[0] !== around.kind(x).shape.at(-1)) return undefined;
  return draft.add('BiasAdd', [around.place(x), around.place(b)]);
};

/** (a − b)² without an array between. */
const squaredDifference: Rule = (step, around, draft) => {
  const [input] = step.inputs as [Reference];
  const inner = step.op === 'Square' ? around.step(input) : undefined;
  return inner?.op === 'Sub'
    ? draft.add('SquaredDifference', inner.inputs.map(around.place), inner.attributes)
    : undefined;
};

/** A conversion to the same type. */
const sameType: Rule = (step, around) => {
  const [input] = step.inputs as [Reference];
  return step.op === 'Cast' && around.kind(input).dtype === step.outputs[0]!.dtype ? around.place(input) : undefined;
};

/** x: [..., k] as a matrix [rows, k]. */
const matrix = (input: Reference, around: Surroundings, draft: Draft): Reference => {
  const { shape } = around.kind(input);
  const columns = shape.at(-1)!;
  return draft.add('Reshape', [around.place(input), draft.integers([elements(shape) / columns, columns])]);
};

const product = (
  step: Step,
  [a, b]: readonly [Reference, Reference],
  [transposeA, transposeB]: readonly [boolean, boolean],
  draft: Draft,
): Reference => {
  const attributes = [flag('transpose_a', transposeA), flag('transpose_b', transposeB)];
  const out = draft.add('MatMul', [a, b], attributes);
  return draft.add('Reshape', [out, draft.integers(step.outputs[0]!.shape)]);
};

/** TensorFlow.js multiplies matrices as batches of one. */
const single: Rule = (step, around, draft) => {
  if (step.op !== 'BatchMatMulV2') return undefined;
  const [a, b] = step.inputs as [Reference, Reference];
  if ([a, b].some(input => elements(around.kind(input).shape.slice(0, -2)) !== 1)) return undefined;
  const adjoint = (name: string) => step.attributes.find(at => at.name === name)?.value === true;
  const flags = [adjoint('adj_x'), adjoint('adj_y')] as const;
  return product(step, [matrix(a, around, draft), matrix(b, around, draft)], flags, draft);
};

const isPointwise = (step: Step, filter: readonly number[]): boolean => {
  const value = (name: string) => step.attributes.find(a => a.name === name)?.value;
  const [height, width] = filter;
  return height === 1 && width === 1 && String(value('strides')) === '1,1,1,1' && value('data_format') === 'NHWC';
};

/** A 1 × 1 convolution is a product of matrices, and so are its gradients. */
const pointwise: Rule = (step, around, draft) => {
  const as = (input: Reference) => matrix(input, around, draft);
  const shape = (input: Reference) => around.kind(input).shape;
  const [a, b, c] = step.inputs as [Reference, Reference, Reference];
  if (step.op === 'Conv2D' && isPointwise(step, shape(b))) return product(step, [as(a), as(b)], [false, false], draft);
  if (step.op === 'Conv2DBackpropInput' && isPointwise(step, shape(b)))
    return product(step, [as(c), as(b)], [false, true], draft);
  if (step.op === 'Conv2DBackpropFilter' && isPointwise(step, step.outputs[0]!.shape))
    return product(step, [as(a), as(c)], [true, false], draft);
  return undefined;
};

/** Rules for TensorFlow's own kernels. */
export const graphRules: readonly Rule[] = [apart, stretched, bias, single, pointwise, squaredDifference, sameType];
