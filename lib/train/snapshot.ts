import { tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import { integer, reject, sameShape } from '../errors.js';
import { type RngState, rngState } from '../rng/rng.js';
import { type Archive, float32, type Stored } from './safetensors.js';
import type { TrainerState } from './trainer.js';

const read = (v: Variable): Stored => float32(v.dataSync() as Float32Array, v.shape);

/** The parameters of a network as named arrays; reads them back from the device. */
export const readParameters = (parameters: ReadonlyMap<string, Variable>): Map<string, Stored> =>
  new Map([...parameters].map(([name, v]) => [name, read(v)]));

const accepted = (v: Variable, name: string, found: Stored | undefined): Float32Array => {
  if (!found) reject('the array', name, 'it is missing; the file belongs to another configuration');
  sameShape(name, found.shape, v.shape);
  if (found.dtype !== 'F32') reject(`the dtype of ${name}`, found.dtype, 'F32 is expected');
  return found.values as Float32Array;
};

/** Sets all of these variables or, where one array does not fit, none. */
const writeNamed = (variables: ReadonlyMap<string, Variable>, arrays: ReadonlyMap<string, Stored>): void => {
  const fitting = [...variables].map(([name, v]) => [v, accepted(v, name, arrays.get(name))] as const);
  tidy(() => {
    for (const [v, values] of fitting) v.assign(tensor(values, v.shape));
  });
};

/** Sets a network's parameters from named arrays, or none of them. @throws RangeError for a name missing or too many, or another shape */
export const writeParameters = (
  parameters: ReadonlyMap<string, Variable>,
  arrays: ReadonlyMap<string, Stored>,
): void => {
  for (const name of arrays.keys()) {
    if (!parameters.has(name))
      reject('the array', name, 'the network has no such layer; it is of another configuration');
  }
  writeNamed(parameters, arrays);
};

/** The same arrays, when all their numbers are finite. */
const sound = (arrays: Map<string, Stored>): Map<string, Stored> => {
  for (const [name, { values }] of arrays) {
    const i = (values as Float32Array).findIndex(v => !Number.isFinite(v));
    if (i >= 0) reject(`${name}[${i}]`, values[i], 'nothing can go on from there; keep the last good checkpoint');
  }
  return arrays;
};

/**
 * All that a run needs to go on bit for bit: parameters, Adam's state, the average, the count and the random stream.
 * @throws RangeError when a number is not finite
 */
export const snapshot = (
  parameters: ReadonlyMap<string, Variable>,
  trainer: TrainerState,
  rng: RngState,
  metadata: Readonly<Record<string, string>> = {},
): Archive => ({
  tensors: sound(
    new Map([
      ...readParameters(parameters),
      ...Object.entries(trainer.slots).map(([name, v]) => [`trainer/${name}`, read(v)] as const),
    ]),
  ),
  metadata: { ...metadata, steps: String(trainer.steps), rng: JSON.stringify(rng) },
});

/**
 * Puts a snapshot back into a network and its trainer, made from the same configuration.
 * @returns the random stream's state
 * @throws RangeError for a snapshot that does not fit; nothing is changed then
 */
export const restore = (
  { tensors, metadata }: Archive,
  parameters: ReadonlyMap<string, Variable>,
  trainer: TrainerState,
): RngState => {
  const { steps, rng } = metadata;
  if (steps === undefined || rng === undefined) {
    reject('the metadata', metadata, 'a snapshot has the entries steps and rng');
  }
  const count = integer('the number of steps', /^\d+$/.test(steps) ? Number(steps) : Number.NaN);
  const stream = rngState(JSON.parse(rng));
  const slots = Object.entries(trainer.slots).map(([name, v]) => [`trainer/${name}`, v] as const);
  // A snapshot may hold what its maker keeps beside the network, such as the losses so far.
  writeNamed(new Map([...parameters, ...slots]), tensors);
  trainer.restore(count);
  return stream;
};
