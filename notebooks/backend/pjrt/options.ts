/** A field of a protocol buffer that holds a number, or bytes. */
const field = (number: number, value: number | Uint8Array): number[] => {
  const varint = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)]);
  return typeof value === 'number'
    ? [...varint(number << 3), ...varint(value)]
    : [...varint((number << 3) | 2), ...varint(value.length), ...value];
};

/**
 * CompileOptionsProto (xla/pjrt/proto/compile_options.proto) for one device: num_replicas = 4 and num_partitions = 5 of
 * its executable_build_options = 3.
 */
export const compileOptions: Uint8Array = Uint8Array.from(field(3, Uint8Array.from([...field(4, 1), ...field(5, 1)])));
