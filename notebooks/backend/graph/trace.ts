import type { RngState } from '../../../lib/rng/rng.js';
import type { Attribute, Binding, Metadata, NativeBackend, Values } from './binding.js';
import type { Stream } from './random.js';

export interface Operation {
  readonly op: string;
  readonly attributes: readonly Attribute[];
  readonly inputs: readonly number[];
  readonly outputs: readonly Metadata[];
}

/** Host values that became a tensor while the function ran. */
export interface Constant {
  readonly shape: readonly number[];
  readonly dtype: number;
  readonly values: Values;
}

/** A tensor from outside that is neither an argument nor a variable: kept alive by a handle of its own. */
export interface Capture {
  readonly original: number;
  readonly held: Metadata;
}

/** Everything that a function asked of TensorFlow in one run. */
export interface Trace {
  readonly operations: readonly Operation[];
  readonly constants: ReadonlyMap<number, Constant>;
  readonly captures: ReadonlyMap<number, Capture>;
  /** Why the run cannot be replayed, if it cannot. */
  readonly obstacle: string | undefined;
  /** Independent parts of like size that it is made of, as far as its functions said. */
  readonly parts: number;
  /** Streams of random numbers that were drawn from without being among the arguments. */
  readonly strays: readonly Stray[];
}

/** A stream that the function has from elsewhere, and the place from which it drew. */
export interface Stray {
  readonly stream: Stream;
  readonly at: RngState;
}

const LOG = Symbol('log');

const logOf = (backend: NativeBackend): Log | undefined => (backend.binding as { [LOG]?: Log })[LOG];

/** True inside a traced function: a compiled function called there is run as it is, and becomes part of the trace. */
export const isRecording = (backend: NativeBackend): boolean => logOf(backend) !== undefined;

/** Notes in the trace that work is done in so many independent parts. */
export const noteParts = (backend: NativeBackend, parts: number): void => {
  const log = logOf(backend);
  if (log) log.parts = Math.max(log.parts, parts);
};

/** Notes in the trace that a stream is drawn from which nobody has given. */
export const noteStray = (backend: NativeBackend, stray: Stray): void => {
  const log = logOf(backend);
  if (log && !log.strays.some(known => known.stream === stray.stream)) log.strays.push(stray);
};

const copy = (values: Values): Values => (ArrayBuffer.isView(values) ? values.slice() : values.map(v => v.slice()));

interface Log {
  operations: Operation[];
  constants: Map<number, Constant>;
  captures: Map<number, Capture>;
  obstacle: string | undefined;
  parts: number;
  strays: Stray[];
}

const executing =
  (binding: Binding, known: Set<number>, log: Log): Binding['executeOp'] =>
  (op, attributes, inputs, count) => {
    for (const id of inputs) {
      if (known.has(id)) continue;
      known.add(id);
      log.captures.set(id, { original: id, held: binding.executeOp('Identity', [], [id], 1)[0]! });
    }
    const outputs = binding.executeOp(op, attributes, inputs, count);
    for (const output of outputs) known.add(output.id);
    log.operations.push({ op, attributes: [...attributes], inputs: [...inputs], outputs });
    return outputs;
  };

/** The binding with its own functions, each of which notes what it was asked. */
const recorder = (binding: Binding, known: Set<number>, log: Log): Binding => {
  const execute = executing(binding, known, log);
  const create: Binding['createTensor'] = (shape, dtype, values) => {
    const id = binding.createTensor(shape, dtype, values);
    known.add(id);
    log.constants.set(id, { shape: [...shape], dtype, values: copy(values) });
    return id;
  };
  const read: Binding['tensorDataSync'] = id => {
    const last = log.operations.filter(o => o.outputs.some(output => output.id === id)).at(-1);
    log.obstacle ??= `it reads values on the host (data, dataSync or arraySync of ${
      last ? `a result of ${last.op}` : 'a tensor'
    })`;
    return binding.tensorDataSync(id);
  };
  return Object.create(binding, {
    [LOG]: { value: log },
    executeOp: { value: execute },
    createTensor: { value: create },
    tensorDataSync: { value: read },
  }) as Binding;
};

/**
 * Runs a function and records what it asks of TensorFlow. The results are real.
 * @param known handles that have a name already: arguments and variables
 */
export const record = <R>(
  backend: NativeBackend,
  known: Iterable<number>,
  run: () => R,
): { result: R; trace: Trace } => {
  const { binding } = backend;
  const log: Log = {
    operations: [],
    constants: new Map(),
    captures: new Map(),
    obstacle: undefined,
    parts: 1,
    strays: [],
  };
  backend.binding = recorder(binding, new Set(known), log);
  try {
    return { result: run(), trace: log };
  } catch (error) {
    for (const { held } of log.captures.values()) binding.deleteTensor(held.id);
    throw error;
  } finally {
    backend.binding = binding;
  }
};
