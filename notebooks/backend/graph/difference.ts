import type { Program, Step } from './program.js';
import type { Constant } from './trace.js';

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const sameBytes = (a: Constant, b: Constant): boolean => {
  if (a.dtype !== b.dtype || !same(a.shape, b.shape)) return false;
  const { values: x } = a;
  const { values: y } = b;
  if (ArrayBuffer.isView(x) && ArrayBuffer.isView(y)) return Buffer.compare(bytes(x), bytes(y)) === 0;
  return same(x, y);
};

const bytes = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

const show = (constant: Constant): string =>
  constant.shape.length === 0 ? String(constant.values[0]) : `values of shape [${constant.shape}]`;

/** The first operation that takes this node. */
const user = (program: Program, node: number): string =>
  program.steps.find(step => step.inputs.some(([n]) => n === node))?.op ?? 'its result';

const constantDifference = (before: Program, after: Program): string | undefined => {
  const i = after.constants.findIndex((c, k) => !sameBytes(c, before.constants[k]!));
  if (i < 0) return undefined;
  const node = after.arguments.length + after.variables.length + after.captures.length + i;
  return (
    `numbers from the host change from call to call: ${show(before.constants[i]!)}, then ` +
    `${show(after.constants[i]!)}, for ${user(after, node)}; pass them as a tensor argument`
  );
};

const captureDifference = (before: Program, after: Program): string | undefined => {
  const i = after.captures.findIndex((c, k) => c.original !== before.captures[k]!.original);
  if (i < 0) return undefined;
  const node = after.arguments.length + after.variables.length + i;
  return (
    `a tensor from outside is another one at each call, for ${user(after, node)}; ` +
    'pass it as an argument or keep it in a variable'
  );
};

const stepDifference = (before: readonly Step[], after: readonly Step[]): string | undefined => {
  const i = after.findIndex((step, k) => !same(step, before[k]));
  if (i < 0 && before.length === after.length) return undefined;
  const name = (step: Step | undefined) => step?.op ?? 'the end';
  return `it takes another path at each call: ${name(before[i])}, then ${name(after[i])} as operation ${i}`;
};

/**
 * Why two runs of a function are not the same program; undefined when they are. Numbers that were computed on the
 * host are part of a program, so a changed random number or step count is found here and not silently frozen.
 */
export const difference = (before: Program, after: Program): string | undefined => {
  const layout = (p: Program) => [p.arguments, p.captures.length, p.constants.length, p.results];
  const variables = (p: Program) => [p.variables, p.updates.map(u => u.variable)].flat();
  const old = variables(before);
  const steps = stepDifference(before.steps, after.steps);
  if (steps) return steps;
  if (
    !same(layout(before), layout(after)) ||
    !same(
      before.updates.map(u => u.value),
      after.updates.map(u => u.value),
    )
  )
    return 'it uses other tensors at each call';
  if (old.length !== variables(after).length || variables(after).some((v, i) => v !== old[i]))
    return 'it uses other variables at each call';
  return constantDifference(before, after) ?? captureDifference(before, after);
};
