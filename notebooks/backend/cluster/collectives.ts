import type { Shard } from '../../../lib/rng/shard.js';
import { type Attribute, attributeType, dataType } from '../graph/binding.js';
import type { AddOn } from './add-on.js';
import { taskName } from './server-def.js';

/** What all tasks do together; each waits for the others, and all call the same in the same order. */
export interface Collectives {
  /** The mean over all tasks, with the same bits in each. */
  mean(vector: Float32Array): Float32Array;
  /** The bytes of task 0, in every task. */
  broadcast(bytes: Uint8Array): Uint8Array;
}

/** Numbers of a vector that is broadcast at once, 64 MiB: a message has to stay below 2 GiB. */
const PIECE = 2 ** 24;

const attribute = (name: string, type: number, value: Attribute['value']): Attribute => ({ name, type, value });

/** @param run the add-on's, with what is added to its errors */
export const collectives = ({ index, count }: Shard, run: AddOn['run'], milliseconds: number): Collectives => {
  const device = `${taskName(index)}/device:CPU:0`;
  const keys = new Map<string, number>();
  /** TensorFlow settles once for each key who takes part and how: every length of every operation has one. */
  const instance = (kind: string, length: number): number => {
    const name = `${kind} ${length}`;
    if (!keys.has(name)) keys.set(name, keys.size + 1);
    return keys.get(name)!;
  };
  const common = (kind: string, length: number): Attribute[] => [
    attribute('T', attributeType.type, dataType.float32),
    attribute('group_size', attributeType.int, count),
    attribute('group_key', attributeType.int, 1),
    attribute('instance_key', attributeType.int, instance(kind, length)),
  ];
  const mean = (vector: Float32Array): Float32Array =>
    run(
      'CollectiveReduce',
      device,
      [
        ...common('reduce', vector.length),
        attribute('merge_op', attributeType.string, 'Add'),
        attribute('final_op', attributeType.string, 'Div'),
        attribute('subdiv_offsets', attributeType.int, [0]),
        attribute('communication_hint', attributeType.string, 'ring'),
      ],
      vector,
      milliseconds,
    );
  /** Copies the numbers, whatever their bits mean. */
  const copied = (vector: Float32Array): Float32Array => {
    const shape = attribute('shape', attributeType.shape, [vector.length]);
    const attributes = [...common('broadcast', vector.length), shape];
    return index === 0
      ? run('CollectiveBcastSend', device, attributes, vector, milliseconds)
      : run('CollectiveBcastRecv', device, attributes, new Float32Array(), milliseconds);
  };
  const broadcast = (bytes: Uint8Array): Uint8Array => {
    const [low, high] = copied(Float32Array.of(bytes.length % PIECE, Math.floor(bytes.length / PIECE)));
    const length = high! * PIECE + low!;
    const numbers = new Float32Array(Math.ceil(length / 4));
    const all = new Uint8Array(numbers.buffer, 0, length);
    if (index === 0) all.set(bytes);
    for (let from = 0; from < numbers.length; from += PIECE) {
      const piece = numbers.subarray(from, from + PIECE);
      piece.set(copied(piece));
    }
    return all;
  };
  return { mean, broadcast };
};
