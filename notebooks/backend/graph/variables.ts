import { engine, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import type { Metadata, NativeBackend } from './binding.js';
import { deviceOf } from './device.js';

/** Every variable there is, by the handle that it holds now. */
export const variablesByHandle = (backend: NativeBackend): Map<number, Variable> => {
  const all = Object.values(engine().registeredVariables);
  const handles = backend.getInputTensorIds(all);
  return new Map(all.map((variable, i) => [handles[i]!, variable]));
};

/** Variables that hold another handle than before, with it. */
export const updatesSince = (backend: NativeBackend, before: ReadonlyMap<number, Variable>): [Variable, number][] => {
  const old = new Map([...before].map(([id, variable]) => [variable, id]));
  return [...variablesByHandle(backend)]
    .filter(([id, variable]) => old.get(variable) !== id)
    .map(([id, variable]) => [variable, id]);
};

/**
 * Gives a variable the tensor that a compiled step computed. The variable then holds the only handle to its value,
 * so eager code and checkpoints read what the step wrote, and the step reads what they assign.
 */
export const update = (backend: NativeBackend, variable: Variable, value: Metadata): void => {
  const [old] = backend.getInputTensorIds([variable]);
  const data = backend.tensorMap.get(variable.dataId);
  if (data.refCount > 1) {
    // a clone shares the old value and must keep it
    const tensor: Tensor = backend.createOutputTensor(value);
    variable.assign(tensor);
    tensor.dispose();
    return;
  }
  deviceOf(backend)?.forget(variable.dataId);
  backend.binding.deleteTensor(old!);
  data.id = value.id;
};

/**
 * Gives every variable whose handle is shared (with a clone, or with the tensor that it was made from) a handle of
 * its own, so that a trace can tell them apart.
 */
export const separate = (backend: NativeBackend): void => {
  for (const variable of Object.values(engine().registeredVariables)) {
    const [id] = backend.getInputTensorIds([variable]);
    if (backend.tensorMap.get(variable.dataId).refCount < 2) continue;
    const own = backend.createOutputTensor(backend.binding.executeOp('Identity', [], [id!], 1)[0]!);
    variable.assign(own);
    own.dispose();
  }
};

/** Exchanges the values of two tensors, unless the first one shares its own with others. */
export const exchange = (backend: NativeBackend, tensor: Tensor, other: Tensor): void => {
  backend.getInputTensorIds([tensor, other]); // so that both have handles
  const [mine, theirs] = [tensor, other].map(({ dataId }) => backend.tensorMap.get(dataId));
  if (mine!.refCount !== 1) return;
  for (const { dataId } of [tensor, other]) deviceOf(backend)?.forget(dataId);
  [mine!.id, theirs!.id] = [theirs!.id, mine!.id];
};

/** The values of all variables now, so that what a run writes can be taken back. */
export interface Held {
  /** Puts these values back into the variables given. */
  restore(variables: readonly Variable[]): void;
  release(): void;
}

export const hold = (): Held => {
  const values = new Map(Object.values(engine().registeredVariables).map(v => [v, v.clone()]));
  return {
    restore: variables => {
      for (const variable of variables) {
        const value = values.get(variable);
        if (value && !variable.isDisposed) variable.assign(value);
      }
    },
    release: () => {
      for (const value of values.values()) value.dispose();
    },
  };
};
