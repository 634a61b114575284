import type { Tensor } from '@tensorflow/tfjs-core';
import type { NativeBackend, Reference } from '../graph/binding.js';
import type { Kind, Program } from '../graph/program.js';
import { type Executable, sourcesOf, usable } from '../graph/run.js';
import type { Machine } from './device.js';
import { lower } from './lower.js';
import type { Residents } from './resident.js';
import type { Precision } from './site.js';

interface Place {
  readonly backend: NativeBackend;
  readonly machine: Machine;
  readonly held: Residents;
}

/** What a reference of the program stands for. */
const kindOf = ({ constants, steps }: Program, sources: readonly Kind[], [node, output]: Reference): Kind => {
  const given = [...sources, ...constants];
  return given[node] ?? steps[node - given.length]!.outputs[output]!;
};

/** Compiles the program for the device. */
export const executable = (
  { backend, machine, held }: Place,
  program: Program,
  example: readonly Tensor[],
  precision: Precision,
): Executable => {
  const { addon, upload } = machine;
  const { variables, captures, results, updates } = program;
  const sources = sourcesOf(program, example);
  const { text, donated } = lower(program, sources, precision);
  const compiled = machine.compile(text);
  const captured = captures.map(({ held: { id, shape, dtype } }) => {
    const values = backend.binding.tensorDataSync(id);
    return upload(values as Float32Array, { shape, dtype });
  });
  const kinds = [...results, ...updates.map(u => u.value)].map(at => kindOf(program, sources, at));
  const reused = [...donated.keys()].filter(i => donated[i] !== undefined);
  return {
    run: tensors => {
      const own = [...program.arguments.map(i => tensors[i]!), ...variables];
      const given = [...own.map(held.buffer), ...captured];
      const kept = reused.filter(i => held.shared(own[i]!));
      const made = addon.execute(compiled, given, kept);
      updates.forEach(({ variable }, i) => {
        const at = results.length + i;
        held.assign(variable, made[at]!, kinds[at]!);
      });
      return results.map((_, i) => held.tensor(made[i]!, kinds[i]!));
    },
    usable: () => usable(program),
    dispose: () => {
      for (const buffer of captured) addon.release(buffer);
      addon.dispose(compiled);
    },
  };
};
