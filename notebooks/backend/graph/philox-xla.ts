import { type Attribute, attributeType, dataType, type Reference } from './binding.js';
import { type Draft, typed } from './draft.js';
import { type Arithmetic, random, randomOperations } from './philox.js';
import { elements } from './program.js';
import type { Rule } from './rules.js';

const arithmetic = (draft: Draft): Arithmetic<Reference> => {
  const word64 = [typed('T', dataType.uint64)];
  const float32 = [typed('T', dataType.float32)];
  const cast = (x: Reference, from: number, to: number) =>
    draft.add('Cast', [x], [typed('SrcT', from), typed('DstT', to)]);
  const long = (n: number) =>
    draft.constant({ shape: [], dtype: dataType.int64, values: Int32Array.from([n | 0, Math.floor(n / 2 ** 32)]) });
  const word = (n: number) => cast(long(n), dataType.int64, dataType.uint64);
  const half = word(32);
  const names = { add: 'AddV2', times: 'Mul', xor: 'BitwiseXor', and: 'BitwiseAnd' } as const;
  const functions = { sqrt: 'Sqrt', log: 'Log', sin: 'Sin', cos: 'Cos' } as const;
  return {
    word,
    range: n => {
      const numbers = draft.add('Range', [long(0), long(n), long(1)], [typed('Tidx', dataType.int64)]);
      return cast(numbers, dataType.int64, dataType.uint64);
    },
    element: (vector, i) =>
      draft.add(
        'Slice',
        [vector, draft.integers([i]), draft.integers([1])],
        [...word64, typed('Index', dataType.int32)],
      ),
    words: (op, a, b) => draft.add(names[op], [a, b], word64),
    high: w => draft.add('RightShift', [w, half], word64),
    float: n => draft.constant({ shape: [], dtype: dataType.float32, values: Float32Array.of(n) }),
    toFloat: w => cast(w, dataType.uint64, dataType.float32),
    times: (x, y) => draft.add('Mul', [x, y], float32),
    atLeast: (x, y) => draft.add('Maximum', [x, y], float32),
    function: (of, x) => draft.add(functions[of], [x], float32),
    interleave: (parts, shape) => {
      const axis: Attribute = { name: 'axis', type: attributeType.int, value: 1 };
      const flat = draft.add('Reshape', [draft.add('Pack', [parts], [axis]), draft.integers([-1])]);
      const cut = draft.add('Slice', [flat, draft.integers([0]), draft.integers([elements(shape)])]);
      return draft.add('Reshape', [cut, draft.integers(shape)]);
    },
  };
};

/**
 * XLA has an algorithm of its own behind the stateless random operations, so under XLA they are written out in 64-bit
 * integers, whose loops XLA fuses into one.
 */
export const philoxInXla: Rule = (step, around, draft) => {
  const op = randomOperations.find(name => name === step.op);
  if (!op) return undefined;
  const [, key, counter] = step.inputs.map(around.place);
  return random(arithmetic(draft), op, [key!, counter!], step.outputs[0]!.shape);
};
