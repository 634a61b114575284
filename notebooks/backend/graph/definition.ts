import type { Binding } from './binding.js';

/** What a graph must know of an op: which inputs are lists, and which attributes exist. */
export interface Definition {
  readonly listInputs: readonly boolean[];
  readonly attributes: ReadonlySet<string>;
}

interface Field {
  readonly number: number;
  readonly bytes: Uint8Array;
}

const varint = (bytes: Uint8Array, at: number): [number, number] => {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
  }
};

/** The length-delimited fields of a protocol buffer; numbers are skipped, as nothing here needs one. */
function* fields(bytes: Uint8Array): Generator<Field> {
  for (let at = 0; at < bytes.length; ) {
    const [tag, start] = varint(bytes, at);
    const [value, end] = varint(bytes, start);
    const delimited = (tag & 7) === 2;
    at = delimited ? end + value : end;
    if (delimited) yield { number: tag >>> 3, bytes: bytes.subarray(end, at) };
  }
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Field numbers of tensorflow.OpDef (op_def.proto), unchanged since TensorFlow 1.0. */
const parse = (bytes: Uint8Array): Definition => {
  const all = [...fields(bytes)];
  const inputs = all.filter(f => f.number === 2).map(f => [...fields(f.bytes)]);
  const attributes = all.filter(f => f.number === 4).map(f => [...fields(f.bytes)]);
  return {
    // number_attr = 5, type_list_attr = 6
    listInputs: inputs.map(input => input.some(f => f.number === 5 || f.number === 6)),
    attributes: new Set(attributes.map(a => text(a.find(f => f.number === 1)!.bytes))),
  };
};

/** Looks definitions up in the TensorFlow library itself, each once. */
export const definitions = (binding: Binding): ((op: string) => Definition) => {
  const known = new Map<string, Definition>();
  return op => {
    const found = known.get(op) ?? parse(binding.opDefinition(op));
    known.set(op, found);
    return found;
  };
};
