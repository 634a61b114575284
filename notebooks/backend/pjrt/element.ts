import { dataType } from '../graph/binding.js';

/** A type of elements, by its name in StableHLO. */
export type Element = 'f32' | 'bf16' | 'i1' | 'i32' | 'i64' | 'ui64';

interface Facts {
  /** The code of TensorFlow. */
  readonly tensorflow: number;
  /** The code of PJRT (PJRT_Buffer_Type). */
  readonly pjrt: number;
  /** The values of tensors of TensorFlow.js; undefined for types that it has none of. */
  readonly array: Float32ArrayConstructor | Int32ArrayConstructor | Uint8ArrayConstructor | undefined;
}

export const elementTypes: Readonly<Record<Element, Facts>> = {
  f32: { tensorflow: dataType.float32, pjrt: 11, array: Float32Array },
  bf16: { tensorflow: dataType.bfloat16, pjrt: 13, array: undefined },
  i1: { tensorflow: dataType.bool, pjrt: 1, array: Uint8Array },
  i32: { tensorflow: dataType.int32, pjrt: 4, array: Int32Array },
  i64: { tensorflow: dataType.int64, pjrt: 5, array: undefined },
  ui64: { tensorflow: dataType.uint64, pjrt: 9, array: undefined },
};

const byCode = new Map(Object.entries(elementTypes).map(([name, { tensorflow }]) => [tensorflow, name as Element]));

/** @throws Error for a type that is not among these */
export const elementOf = (dtype: number): Element => {
  const found = byCode.get(dtype);
  if (found === undefined) throw new Error(`elements of TensorFlow's type ${dtype} have no place on the device`);
  return found;
};
