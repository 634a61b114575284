import type { DataType, Tensor, Variable } from '@tensorflow/tfjs-core';
import { dataType, type Metadata, type NativeBackend } from './binding.js';
import { define, type Target } from './define.js';
import type { Program } from './program.js';
import { update } from './variables.js';

/** A program that can be run. */
export interface Executable {
  /** @param tensors all arguments, used or not; the results belong to the caller */
  run(tensors: readonly Tensor[]): Tensor[];
  /** False once a variable of the program is gone. */
  usable(): boolean;
  dispose(): void;
}

const code = (dtype: DataType): number => {
  const found = new Map<DataType, number>([
    ['float32', dataType.float32],
    ['int32', dataType.int32],
    ['bool', dataType.bool],
  ]).get(dtype);
  if (found === undefined) throw new Error(`a tensor of type ${dtype} cannot enter a compiled function`);
  return found;
};

const metadata = (tensor: Tensor | Variable): Metadata => ({ id: -1, shape: tensor.shape, dtype: code(tensor.dtype) });

/** Types and shapes of a program's sources: used arguments, variables, captures. */
export const sourcesOf = (program: Program, example: readonly Tensor[]): Metadata[] => {
  const used = program.arguments.map(i => example[i]!);
  return [...[...used, ...program.variables].map(metadata), ...program.captures.map(c => c.held)];
};

/** False once a variable of the program is gone. */
export const usable = ({ variables, updates }: Program): boolean =>
  ![...variables, ...updates.map(u => u.variable)].some(v => v.isDisposed);

let defined = 0;

/** Defines the program in TensorFlow under a name of its own. */
export const executable = (
  backend: NativeBackend,
  label: string,
  program: Program,
  example: readonly Tensor[],
  target: Target,
): Executable => {
  const { captures, variables, updates, results } = program;
  const name = `${label.replace(/\W/g, '_')}_${defined++}`;
  define(backend.binding, name, program, sourcesOf(program, example), target);
  const held = captures.map(c => c.held.id);
  const outputs = results.length + updates.length;
  return {
    run: tensors => {
      const given = program.arguments.map(i => tensors[i]!);
      const ids = [...backend.getInputTensorIds([...given, ...variables]), ...held];
      const made = backend.binding.runFunction(name, ids, outputs, target.threads);
      updates.forEach(({ variable }, i) => {
        update(backend, variable, made[results.length + i]!);
      });
      return results.map((_, i) => backend.createOutputTensor(made[i]!));
    },
    usable: () => usable(program),
    dispose: () => backend.binding.removeFunction(name, target.threads),
  };
};
