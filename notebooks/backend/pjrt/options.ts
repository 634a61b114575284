/** A field of a protocol buffer that holds a number, or bytes. */
const field = (number: number, value: number | Uint8Array): number[] => {
  const varint = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)]);
  return typeof value === 'number'
    ? [...varint(number << 3), ...varint(value)]
    : [...varint((number << 3) | 2), ...varint(value.length), ...value];
};

/**
 * CompileOptionsProto (xla/pjrt/proto/compile_options.proto) for one replica in so many parts, each on a device of its
 * own: num_replicas = 4, num_partitions = 5, use_spmd_partitioning = 6 and device_assignment = 9 of its
 * executable_build_options = 3.
 */
export const compileOptions = (partitions: number): Uint8Array => {
  const computations = Array.from({ length: partitions }, (_, i) =>
    field(3, Uint8Array.from(field(1, Uint8Array.of(i)))),
  );
  const assignment = Uint8Array.from([...field(1, 1), ...field(2, partitions), ...computations.flat()]);
  const spread = partitions > 1 ? [...field(6, 1), ...field(9, assignment)] : [];
  const build = Uint8Array.from([...field(4, 1), ...field(5, partitions), ...spread]);
  return Uint8Array.from(field(3, build));
};
