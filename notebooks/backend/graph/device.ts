import type { DataId, Tensor } from '@tensorflow/tfjs-core';
import type { NativeBackend } from './binding.js';
import type { Program } from './program.js';
import type { Executable } from './run.js';

/** A place beside TensorFlow where programs run. Tensors of eager code stay TensorFlow's. */
export interface Device {
  /** @throws Error where the program cannot run there, with the operation that is missing */
  executable(program: Program, example: readonly Tensor[], bfloat16: boolean): Executable;
  /** Drops the copy of a tensor whose values TensorFlow replaces in place. */
  forget(dataId: DataId): void;
  /** Lets products of float32 be taken in TensorFloat-32, in programs compiled from now on. */
  allowTensorFloat32(allowed: boolean): void;
  /** Brings back what is there alone. */
  close(): void;
}

// The registry's own symbol: modules that are loaded anew have to find the device that is there.
const DEVICE = Symbol.for('score-sde-ts.device');

export const deviceOf = (backend: NativeBackend): Device | undefined => (backend as { [DEVICE]?: Device })[DEVICE];

/** Where programs run from now on; undefined for TensorFlow again. */
export const setDevice = (backend: NativeBackend, device: Device | undefined): void => {
  deviceOf(backend)?.close();
  Object.assign(backend, { [DEVICE]: device });
};
