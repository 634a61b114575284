import { backend, type DataId, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';

/** What an op's attribute may hold; `type` is one of TensorFlow's codes, below. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: boolean | number | string | readonly (boolean | number)[];
}

/** TensorFlow's codes for the types of attributes. */
export const attributeType = {
  string: 0,
  int: 1,
  float: 2,
  bool: 3,
  type: 4,
  shape: 5,
  tensor: 6,
  function: 8,
} as const;

/** TensorFlow's codes for the types of tensors. */
export const dataType = { float32: 1, int32: 3, int64: 9, bool: 10, bfloat16: 14, uint64: 23 } as const;

/** A tensor of the binding: a handle, its shape, and the code of its type. */
export interface Metadata {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}

/** [node, output] */
export type Reference = readonly [number, number];

export interface GraphNode {
  readonly op: string;
  /** A reference, or an array of them where the op takes a list. */
  readonly inputs: readonly (Reference | readonly Reference[])[];
  readonly attributes: readonly Attribute[];
}

export interface GraphFunction {
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly Reference[];
  readonly outputs: readonly Reference[];
}

/** Host values on their way to TensorFlow: typed arrays, or bytes of strings. */
export type Values = Float32Array | Int32Array | Uint8Array | readonly Uint8Array[];

/** The functions of the native addon that are used here; the last five are those of native/addon.cc. */
export interface Binding {
  createTensor(shape: readonly number[], dtype: number, values: Values): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Values;
  executeOp(op: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): Metadata[];
  /** @param threads that one operation may use; 0 for TensorFlow's own choice */
  defineFunction(name: string, graph: GraphFunction, xla: boolean, threads: number): void;
  runFunction(name: string, inputs: readonly number[], outputs: number, threads: number): Metadata[];
  removeFunction(name: string, threads: number): void;
  opDefinition(op: string): Uint8Array;
  allowTensorFloat32(allowed: boolean): void;
}

/** The members of tfjs-node's backend that are used here; some are declared private there. */
export interface NativeBackend {
  binding: Binding;
  readonly isUsingGpuDevice: boolean;
  /** Uploads host values where that was delayed. */
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  createOutputTensor(metadata: Metadata): Tensor;
  readonly tensorMap: { get(dataId: DataId): { id: number; readonly refCount: number } };
}

const isNative = (candidate: unknown): candidate is NativeBackend => {
  const binding: unknown = (candidate as { binding?: unknown } | null)?.binding;
  return typeof binding === 'object' && binding !== null && 'defineFunction' in binding;
};

/** The current backend where it can compile; undefined for any other. */
export const nativeBackend = (): NativeBackend | undefined => {
  const current: unknown = backend();
  return isNative(current) ? current : undefined;
};
