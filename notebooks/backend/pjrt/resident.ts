import type { DataId, Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core';
import type { NativeBackend } from '../graph/binding.js';
import { elements, type Kind } from '../graph/program.js';
import { isRecording } from '../graph/trace.js';
import type { Addon, Buffer, HostValues } from './addon.js';
import { elementOf, elementTypes } from './element.js';

/** What the backend of TensorFlow.js notes of a tensor. */
interface Data {
  readonly shape: readonly number[];
  readonly dtype: number;
  id: number;
  /** Values that TensorFlow has no handle for yet. */
  values: HostValues | null;
  readonly refCount: number;
}

/** The members of the backend through which values are read and tensors end. */
interface Readable extends NativeBackend {
  read(dataId: DataId): Promise<unknown>;
  readSync(dataId: DataId): unknown;
  disposeData(dataId: DataId, force?: boolean): boolean;
}

/** Which tensors have their values on the device. A tensor's values never change, so a copy there is good for its life. */
export interface Residents {
  /** The buffer of a tensor, uploaded if it is not there yet. */
  buffer(tensor: TensorInfo): Buffer;
  /** A tensor whose values are on the device alone until someone reads them. */
  tensor(buffer: Buffer, kind: Kind): Tensor;
  /** Gives a variable the values of a buffer. */
  assign(variable: Variable, buffer: Buffer, kind: Kind): void;
  /** Whether other tensors share these values, which a program then must not overwrite. */
  shared(tensor: TensorInfo): boolean;
  forget(dataId: DataId): void;
  /** Reads everything back that is on the device alone. */
  close(): void;
}

export const residents = (
  native: NativeBackend,
  addon: Addon,
  upload: (values: HostValues, kind: Kind) => Buffer,
): Residents => {
  const backend = native as Readable;
  const buffers = new Map<DataId, Buffer>();
  /** Those whose values TensorFlow has not. */
  const alone = new Set<DataId>();
  const dataOf = (dataId: DataId) => backend.tensorMap.get(dataId) as unknown as Data;
  const space = ({ shape, dtype }: Kind): HostValues => {
    const Values = elementTypes[elementOf(dtype)].array;
    if (!Values) throw new Error(`TensorFlow.js has no tensors of TensorFlow's type ${dtype}`);
    return new Values(elements(shape));
  };

  const forget = (dataId: DataId): void => {
    const buffer = buffers.get(dataId);
    if (!buffer) return;
    buffers.delete(dataId);
    alone.delete(dataId);
    addon.release(buffer);
  };

  /** Lets the backend find the values where it looks for those that wait for a handle, and takes note when it has. */
  const place = (dataId: DataId, buffer: Buffer): void => {
    const data = dataOf(dataId);
    let copy: HostValues | undefined;
    data.id = -1;
    buffers.set(dataId, buffer);
    alone.add(dataId);
    const settle = (value: HostValues | null): void => {
      Object.defineProperty(data, 'values', { value, writable: true, enumerable: true, configurable: true });
      alone.delete(dataId);
    };
    Object.defineProperty(data, 'values', {
      get: () => {
        copy ??= addon.read(buffer, space(data));
        return copy;
      },
      set: settle,
      enumerable: true,
      configurable: true,
    });
  };

  const tensor = (buffer: Buffer, kind: Kind): Tensor => {
    const made = backend.createOutputTensor({ ...kind, id: -1 });
    place(made.dataId, buffer);
    return made;
  };

  const { read, readSync, disposeData } = backend;
  const isAlone = (dataId: DataId): boolean => alone.has(dataId) && !isRecording(backend);
  Object.assign(backend, {
    // A copy for each reader, who may write into it. Where a function is recorded, the backend's own way takes note.
    readSync: (dataId: DataId) =>
      isAlone(dataId)
        ? addon.read(buffers.get(dataId)!, space(dataOf(dataId)))
        : readSync.call(backend, fetched(dataId)),
    read: (dataId: DataId) =>
      isAlone(dataId)
        ? addon.readLater(buffers.get(dataId)!, space(dataOf(dataId)))
        : read.call(backend, fetched(dataId)),
    disposeData: (dataId: DataId, force?: boolean) => {
      const gone = disposeData.call(backend, dataId, force);
      if (gone) forget(dataId);
      return gone;
    },
  });

  /** With a handle of TensorFlow. */
  const fetched = (dataId: DataId): DataId => {
    if (alone.has(dataId)) backend.getInputTensorIds([{ dataId } as TensorInfo]);
    return dataId;
  };

  return {
    buffer: ({ dataId }) => {
      const found = buffers.get(dataId);
      if (found) return found;
      const made = upload(backend.readSync(dataId) as HostValues, dataOf(dataId));
      buffers.set(dataId, made);
      return made;
    },
    tensor,
    assign: (variable, buffer, kind) => {
      const data = dataOf(variable.dataId);
      if (data.refCount > 1) {
        // a clone shares the old values and must keep them
        const made = tensor(buffer, kind);
        variable.assign(made);
        made.dispose();
        return;
      }
      if (data.id >= 0) backend.binding.deleteTensor(data.id);
      forget(variable.dataId);
      place(variable.dataId, buffer);
    },
    shared: ({ dataId }) => dataOf(dataId).refCount > 1,
    forget,
    close: () => {
      for (const dataId of [...alone]) fetched(dataId);
      for (const dataId of [...buffers.keys()]) forget(dataId);
      Object.assign(backend, { read, readSync, disposeData });
    },
  };
};
