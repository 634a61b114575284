import { reshape, slice, type Tensor, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { advance } from '../../../lib/rng/philox.js';
import { type Fill, hostFill, philox, type Rng, type RngState } from '../../../lib/rng/rng.js';
import { type Shard, whole } from '../../../lib/rng/shard.js';
import { type Attribute, attributeType, dataType, type NativeBackend, nativeBackend } from './binding.js';
import { noteStray } from './trace.js';

/** What the compiler needs of a stream of random numbers among the arguments of a function. */
export interface Stream {
  /** Names the stream; a compiled function serves one. */
  readonly name: string;
  /** Key and counter, 6 words. */
  words(): Int32Array;
  /** From here on the numbers are computed from this tensor of words, so that a program has them as input. */
  enter(words: Tensor): void;
  /** Ends that, and returns how many blocks were drawn. */
  leave(): number;
  /** Moves on as if these blocks had been drawn. */
  skip(blocks: number): void;
  /** Goes to a place of the same stream. */
  seek(at: RngState): void;
}

const STREAM = Symbol('stream');

export const streamOf = (value: object): Stream | undefined =>
  STREAM in value ? (value as { [STREAM]: Stream })[STREAM] : undefined;

const type = (name: string, value: number): Attribute => ({ name, type: attributeType.type, value });

/** [n, 2] 32-bit words → handle of n 64-bit words, a type that TensorFlow.js has no tensors of. */
const wide = (backend: NativeBackend, words: Tensor): number => {
  const attributes = [type('T', dataType.int32), type('type', dataType.uint64)];
  return backend.binding.executeOp('Bitcast', attributes, backend.getInputTensorIds([words]), 1)[0]!.id;
};

const PHILOX = 1;

/** Numbers at `offset` blocks behind the place that the words name: StatelessRandomNormalV2 and its uniform sister. */
const draw = (op: string, shape: readonly number[], words: Tensor, offset: number): Tensor => {
  const backend = nativeBackend()!;
  const { binding } = backend;
  return tidy(() => {
    const low = [offset | 0, Math.floor(offset / 2 ** 32), 0, 0];
    const key = wide(backend, reshape(slice(words, [0], [2]), [1, 2]));
    const start = wide(backend, reshape(slice(words, [2], [4]), [2, 2]));
    const further = wide(backend, reshape(tensor1d(low, 'int32'), [2, 2]));
    const [counter] = binding.executeOp('AddV2', [type('T', dataType.uint64)], [start, further], 1);
    const [dims, algorithm] = backend.getInputTensorIds([
      tensor1d([...shape], 'int32'),
      reshape(tensor1d([PHILOX], 'int32'), []),
    ]) as [number, number];
    const attributes = [type('dtype', dataType.float32), type('Tshape', dataType.int32)];
    const [out] = binding.executeOp(op, attributes, [dims, key, counter!.id, algorithm], 1);
    for (const id of [key, start, further, counter!.id]) binding.deleteTensor(id);
    return backend.createOutputTensor(out!);
  });
};

const wordsOf = ({ key, counter }: RngState): Int32Array => Int32Array.from([...key, ...counter], w => w | 0);

/** Blocks from one counter to a later one of the same stream. */
const blocksBetween = (from: RngState, to: RngState): number =>
  to.counter[0] - from.counter[0] + 2 ** 32 * (to.counter[1] - from.counter[1]);

/** Where numbers come from: fresh words for each draw, or a tensor of words that was given at the state `from`. */
interface Source {
  readonly words: Tensor;
  readonly from: RngState;
}

const fillFrom = (source: () => Source | undefined, astray: (at: RngState) => void): Fill => {
  const at = (op: string) => (shape: readonly number[], state: RngState) =>
    tidy(() => {
      const given = source();
      if (!given) astray(state);
      return given
        ? draw(op, shape, given.words, blocksBetween(given.from, state))
        : draw(op, shape, tensor1d(wordsOf(state), 'int32'), 0);
    });
  return { normal: at('StatelessRandomNormalV2'), uniform: at('StatelessRandomUniformV2') };
};

/**
 * The stream of `philox` with its tensors computed by TensorFlow on the device: the same numbers to float32 rounding.
 * As an argument of a compiled function it is an input of the program, which draws on and leaves it where the
 * function would have; so is one that the function has from outside, such as that of a dropout. On another backend it
 * is `philox` itself.
 */
export const deviceRng = (seed: number | RngState, { shard = whole }: { shard?: Shard } = {}): Rng => {
  if (!nativeBackend()) return philox(seed, { fill: hostFill, shard });
  let source: Source | undefined;
  const fill = fillFrom(
    () => source,
    at => noteStray(nativeBackend()!, { stream, at }),
  );
  let inner = philox(seed, { fill, shard });
  const stream: Stream = {
    name: inner.state().key.join(' '),
    words: () => wordsOf(inner.state()),
    enter: words => {
      source = { words, from: inner.state() };
    },
    leave: () => {
      const { from } = source!;
      source = undefined;
      return blocksBetween(from, inner.state());
    },
    skip: blocks => {
      const { key, counter } = inner.state();
      inner = philox({ key, counter: advance(counter, blocks) }, { fill, shard });
    },
    seek: at => {
      inner = philox(at, { fill, shard });
    },
  };
  const rng: Rng = {
    normal: shape => inner.normal(shape),
    uniform: shape => inner.uniform(shape),
    rademacher: shape => inner.rademacher(shape),
    normals: n => inner.normals(n),
    uniforms: n => inner.uniforms(n),
    integers: (n, below) => inner.integers(n, below),
    shard: inner.shard,
    fold: label => deviceRng(inner.fold(label).state(), { shard }),
    state: () => inner.state(),
  };
  return Object.assign(rng, { [STREAM]: stream });
};
