/** A cluster as TensorFlow's protocol buffers describe it, in bytes: what its C interface takes to start a server. */

type Bytes = readonly number[];

const varint = (n: number): Bytes => (n < 128 ? [n] : [(n % 128) + 128, ...varint(Math.floor(n / 128))]);
const integer = (field: number, n: number): Bytes => [...varint(8 * field), ...varint(n)];
const message = (field: number, ...content: readonly Bytes[]): Bytes => {
  const bytes = content.flat();
  return [...varint(8 * field + 2), ...varint(bytes.length), ...bytes];
};
const text = (field: number, value: string): Bytes => message(field, [...new TextEncoder().encode(value)]);

/** The name that TensorFlow has for a task. */
export const taskName = (index: number): string => `/job:worker/replica:0/task:${index}`;

/** ConfigProto { device_count { GPU: 0 } }: vectors stay in the memory of the host. */
const config: Bytes = message(1, text(1, 'GPU'), integer(2, 0));

/** The ConfigProto of the context that the operations run in. */
export const contextConfig = (): Uint8Array => Uint8Array.from(config);

/** The ServerDef of one task among these, 'host:port' each; task 0 settles who belongs to a group. */
export const serverDef = (tasks: readonly string[], index: number): Uint8Array => {
  const addresses = tasks.map((address, i) => message(2, integer(1, i), text(2, address)));
  const leader = message(16, text(1, taskName(0))); // experimental { collective_group_leader }
  return Uint8Array.from([
    ...message(1, message(1, text(1, 'worker'), ...addresses)), // cluster { job { name, tasks } }
    ...text(2, 'worker'), // job_name
    ...integer(3, index), // task_index
    ...message(4, config, leader), // default_session_config
    ...text(5, 'grpc'), // protocol
  ]);
};
