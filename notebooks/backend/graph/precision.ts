import { dataType, nativeBackend, type Reference } from './binding.js';
import { deviceOf } from './device.js';
import { type Draft, typed } from './draft.js';
import { graphRules, type Rule } from './rules.js';

const products = new Set(['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter', 'MatMul', 'BatchMatMulV2']);

const cast = (draft: Draft, input: Reference, from: number, to: number): Reference =>
  draft.add('Cast', [input], [typed('SrcT', from), typed('DstT', to)]);

/** A draft in which products take their factors in bfloat16 and give float32 again. */
const inBfloat16 = (draft: Draft): Draft => ({
  ...draft,
  add: (op, inputs, attributes = []) => {
    if (!products.has(op)) return draft.add(op, inputs, attributes);
    // of the gradients of a convolution, the input in the place of a shape is no factor
    const shape = { Conv2DBackpropInput: 0, Conv2DBackpropFilter: 1 }[op];
    const factors = (inputs as readonly Reference[]).map((input, i) =>
      i === shape ? input : cast(draft, input, dataType.float32, dataType.bfloat16),
    );
    const rest = attributes.filter(a => a.name !== 'T');
    const product = draft.add(op, factors, [...rest, typed('T', dataType.bfloat16)]);
    return cast(draft, product, dataType.bfloat16, dataType.float32);
  },
});

/**
 * Rounds the factors of convolutions and matrix products, and their results, to the 8 bits of bfloat16. Everything
 * between them stays float32.
 */
export const bfloat16 =
  (asRecorded: (...of: Parameters<Rule>) => Reference): Rule =>
  (step, around, draft) => {
    if (!products.has(step.op) || step.outputs[0]!.dtype !== dataType.float32) return undefined;
    const rounded = inBfloat16(draft);
    for (const rule of graphRules) {
      const place = rule(step, around, rounded);
      if (place) return place;
    }
    return asRecorded(step, around, rounded);
  };

/**
 * Lets GPUs round the factors of float32 products to the 10 bits of TensorFloat-32, in eager and compiled code alike.
 * Not allowed unless asked for here. It has no effect on a CPU, and programs take note of it when they are compiled.
 */
export const allowTensorFloat32 = (allowed: boolean): void => {
  const backend = nativeBackend();
  if (!backend) return;
  backend.binding.allowTensorFloat32(allowed);
  deviceOf(backend)?.allowTensorFloat32(allowed);
};
