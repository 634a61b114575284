import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { philox } from '../../../../lib/rng/rng.js';
import { attributeType, dataType, nativeBackend } from '../../../../notebooks/backend/graph/binding.js';
import { deviceRng } from '../../../../notebooks/backend/graph/index.js';

/** One use of an operation: tensors, and what is made of them. */
export interface Case {
  readonly inputs: readonly tf.Tensor[];
  readonly run: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
}

export type Cases = fc.Arbitrary<Case>;

const sizes = (least: number, most: number, rank: readonly [number, number]) =>
  fc.array(fc.integer({ min: least, max: most }), { minLength: rank[0], maxLength: rank[1] });

export const shape = (least = 0, most = 4) => sizes(1, 5, [least, most]);

const seed = fc.integer({ min: 1, max: 2 ** 30 });

/** Normal numbers; the values of some are integers, so that comparisons meet equal ones. */
export const float = (of: readonly number[], at: number): tf.Tensor => {
  const x = philox(at).normal([...of]);
  return at % 3 === 0 ? tf.round(x) : x;
};
const int = (of: readonly number[], at: number): tf.Tensor => tf.cast(tf.round(tf.mul(float(of, at), 5)), 'int32');
const nonzero = (of: readonly number[], at: number): tf.Tensor => {
  const x = int(of, at);
  return tf.where(tf.equal(x, 0), tf.onesLike(x), x);
};
const bool = (of: readonly number[], at: number): tf.Tensor => tf.greater(philox(at).normal([...of]), 0);

type Draw = (of: readonly number[], at: number) => tf.Tensor;

const raw = (op: string, T: number, inputs: readonly tf.Tensor[]): tf.Tensor => {
  const backend = nativeBackend()!;
  const attributes = [{ name: 'T', type: attributeType.type, value: T }];
  const [made] = backend.binding.executeOp(op, attributes, backend.getInputTensorIds(inputs), 1);
  return backend.createOutputTensor(made!);
};

/** A function of one tensor of any shape. */
const unary = (run: (x: tf.Tensor) => tf.Tensor, draw: Draw = float): Cases =>
  fc.record({ of: shape(), at: seed }).map(({ of, at }) => ({ inputs: [draw(of, at)], run: x => run(x!) }));

/** A shape, and one that is stretched to it. */
const stretched = shape().chain(of =>
  fc.record({
    of: fc.constant(of),
    dropped: fc.integer({ min: 0, max: of.length }),
    ones: fc.array(fc.boolean(), { minLength: of.length, maxLength: of.length }),
    swapped: fc.boolean(),
    at: seed,
  }),
);

/** A function of two tensors, one of which may be stretched to the shape of the other. */
const binary = (run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, draws: readonly (readonly [Draw, Draw])[]): Cases =>
  stretched.chain(({ of, dropped, ones, swapped, at }) =>
    fc.constantFrom(...draws).map(([first, second]) => {
      const small = of.map((n, i) => (ones[i] ? 1 : n)).slice(dropped);
      const [left, right] = swapped ? [small, of] : [of, small];
      return { inputs: [first(left, at), second(right, at + 1)], run: (a, b) => run(a!, b!) };
    }),
  );

const floats = [[float, float]] as const;
const numbers = [...floats, [int, int]] as const;
const positive: Draw = (of, at) => tf.add(tf.abs(float(of, at)), 0.1);

/** A shape and some of its axes, counted from either end. */
const reduced = (run: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor, draw: Draw = float): Cases =>
  shape(1).chain(of =>
    fc
      .record({
        axes: fc.subarray(
          of.map((_, i) => i),
          { minLength: 1 },
        ),
        keep: fc.boolean(),
        negative: fc.boolean(),
        at: seed,
      })
      .map(({ axes, keep, negative, at }) => {
        const named = axes.map(a => (negative ? a - of.length : a));
        return { inputs: [draw(of, at)], run: x => run(x!, named, keep) };
      }),
  );

/** A shape and one of its axes. */
const along = (run: (x: tf.Tensor, axis: number, at: number) => tf.Tensor | tf.Tensor[], draw: Draw = float): Cases =>
  shape(1).chain(of =>
    fc
      .record({ axis: fc.integer({ min: 0, max: of.length - 1 }), at: seed })
      .map(({ axis, at }) => ({ inputs: [draw(of, at)], run: x => run(x!, axis, at) })),
  );

interface Geometry {
  readonly size: readonly [number, number];
  readonly window: readonly [number, number];
  readonly strides: [number, number];
  readonly rows: number;
  readonly channels: number;
  readonly filters: number;
  readonly pad: 'same' | 'valid';
  readonly at: number;
}

const pair = (least: number, most: number) =>
  fc.tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }));
const few = fc.integer({ min: 1, max: 3 });
const geometry: fc.Arbitrary<Geometry> = fc.record({
  size: pair(4, 9),
  window: pair(1, 4),
  strides: pair(1, 3),
  rows: few,
  channels: few,
  filters: few,
  pad: fc.constantFrom('same', 'valid'),
  at: seed,
});

const convolved = (run: (x: tf.Tensor4D, w: tf.Tensor4D, g: Geometry) => tf.Tensor): Cases =>
  geometry.map(g => ({
    inputs: [float([g.rows, ...g.size, g.channels], g.at + 1), float([...g.window, g.channels, g.filters], g.at + 2)],
    run: (x, w) => run(x as tf.Tensor4D, w as tf.Tensor4D, g),
  }));

const pooled = (run: (x: tf.Tensor4D, g: Geometry) => tf.Tensor): Cases =>
  geometry.map(g => ({
    // all values differ: which of two equal ones is the greatest is not said
    inputs: [tf.randomNormal([g.rows, ...g.size, g.channels], 0, 1, 'float32', g.at)],
    run: x => run(x as tf.Tensor4D, g),
  }));

const gradient = (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): tf.Tensor =>
  tf.grad((y: tf.Tensor) => tf.sum(tf.mul(f(y), tf.cos(f(y)))))(x);

const volumes: Cases = fc.record({ stride: few, pad: fc.constantFrom('same', 'valid'), at: seed }).map(g => ({
  inputs: [float([2, 5, 4, 6, 2], g.at + 1), float([2, 3, 1, 2, 3], g.at + 2)],
  run: (x, w) => {
    const f = (y: tf.Tensor, v: tf.Tensor) =>
      tf.conv3d(y as tf.Tensor5D, v as tf.Tensor5D, g.stride, g.pad as 'same' | 'valid');
    return [f(x!, w!), gradient(y => f(y, w!), x!), gradient(v => f(x!, v), w!)];
  },
}));

const multiplied: Cases = fc
  .record({
    batch: fc.array(few, { maxLength: 2 }),
    sizes: fc.tuple(few, few, few),
    flips: fc.tuple(fc.boolean(), fc.boolean()),
    alone: fc.boolean(),
    at: seed,
  })
  .map(({ batch, sizes: [m, k, n], flips: [flipA, flipB], alone, at }) => ({
    inputs: [
      float([...batch, ...(flipA ? [k, m] : [m, k])], at),
      float([...(alone ? batch.map(() => 1) : batch), ...(flipB ? [n, k] : [k, n])], at + 1),
    ],
    run: (a, b) => tf.matMul(a!, b!, flipA, flipB),
  }));

const dtypes = fc.constantFrom<['float32' | 'int32' | 'bool', Draw]>(
  ['float32', float],
  ['int32', int],
  ['bool', bool],
);

const shuffled = shape(1).chain(of =>
  fc.record({
    of: fc.constant(of),
    at: seed,
    parts: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 12, maxLength: 12 }),
  }),
);

/** Cases of a rank below the most that a StridedSlice's gradient or kernel takes. */
const strided: Cases = shape(1, 3).chain(of =>
  fc
    .record({
      strides: fc.array(fc.constantFrom(-2, -1, 1, 2), { minLength: of.length, maxLength: of.length }),
      begin: fc.array(fc.integer({ min: -6, max: 6 }), { minLength: of.length, maxLength: of.length }),
      masks: fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 })),
      at: seed,
    })
    .map(({ strides, begin, masks: [beginMask, endMask], at }) => {
      const end = begin.map((b, i) => b + strides[i]! * 2);
      return {
        inputs: [float(of, at)],
        run: (x: tf.Tensor | undefined) => tf.stridedSlice(x!, begin, end, strides, beginMask, endMask),
      };
    })
    .filter(({ run, inputs }) => tf.tidy(() => run(inputs[0]).size > 0)),
);

/** Every operation with a rule, each with cases of its own. */
export const cases: Readonly<Record<string, Cases>> = {
  Neg: unary(tf.neg),
  Abs: unary(tf.abs, int),
  Sign: unary(tf.sign),
  Square: unary(tf.square, int),
  Sqrt: unary(tf.sqrt, positive),
  Rsqrt: unary(tf.rsqrt, positive),
  Exp: unary(tf.exp),
  Expm1: unary(tf.expm1),
  Log: unary(tf.log, positive),
  Log1p: unary(tf.log1p, positive),
  Sin: unary(tf.sin),
  Cos: unary(tf.cos),
  Tan: unary(tf.tan),
  Tanh: unary(tf.tanh),
  Sigmoid: unary(tf.sigmoid),
  Floor: unary(tf.floor),
  Ceil: unary(tf.ceil),
  Round: unary(x => tf.round(tf.div(tf.round(tf.mul(x, 4)), 2))),
  Reciprocal: unary(tf.reciprocal, positive),
  Relu: unary(tf.relu),
  Relu6: unary(x => tf.relu6(tf.mul(x, 5))),
  Elu: unary(tf.elu),
  Selu: unary(tf.selu),
  Softplus: unary(x => tf.softplus(tf.mul(x, 20))),
  LeakyRelu: unary(x => tf.leakyRelu(x, 0.3)),
  IsNan: unary(x => tf.isNaN(tf.log(x))),
  IsFinite: unary(x => tf.isFinite(tf.div(1, tf.floor(x)))),
  IsInf: unary(x => tf.isInf(tf.div(1, tf.floor(x)))),
  LogicalNot: unary(tf.logicalNot, bool),
  ZerosLike: unary(x => tf.zerosLike(x), int),
  OnesLike: unary(x => tf.onesLike(x)),
  Cast: dtypes.chain(([, draw]) => dtypes.chain(([to]) => unary(x => tf.cast(x, to), draw))),
  Add: binary(tf.add, numbers),
  AddV2: binary((a, b) => raw('AddV2', dataType.float32, [a, b]), floats),
  Sub: binary(tf.sub, numbers),
  Mul: binary(tf.mul, numbers),
  RealDiv: binary(tf.div, [[float, positive]]),
  Div: binary((a, b) => raw('Div', dataType.float32, [a, b]), [[float, positive]]),
  FloorDiv: binary(tf.floorDiv, [
    [float, positive],
    [int, nonzero],
  ]),
  FloorMod: binary(tf.mod, [
    [float, (of, at) => tf.mul(positive(of, at), at % 2 ? 1 : -1)],
    [int, nonzero],
  ]),
  Pow: binary(tf.pow, [[positive, float]]),
  Maximum: binary(tf.maximum, numbers),
  Minimum: binary(tf.minimum, numbers),
  Atan2: binary(tf.atan2, [[positive, float]]),
  SquaredDifference: binary(tf.squaredDifference, numbers),
  EluGrad: unary(x => gradient(tf.elu, x)),
  Equal: binary(tf.equal, numbers),
  NotEqual: binary(tf.notEqual, numbers),
  Less: binary(tf.less, numbers),
  LessEqual: binary(tf.lessEqual, numbers),
  Greater: binary(tf.greater, numbers),
  GreaterEqual: binary(tf.greaterEqual, numbers),
  LogicalAnd: binary(tf.logicalAnd, [[bool, bool]]),
  LogicalOr: binary(tf.logicalOr, [[bool, bool]]),
  AddN: fc
    .record({ of: shape(), at: seed, n: fc.integer({ min: 2, max: 4 }) })
    .map(({ of, at, n }) => ({
      inputs: Array.from({ length: n }, (_, i) => float(of, at + i)),
      run: (...parts) => tf.addN(parts),
    })),
  Select: fc
    .record({ of: shape(), at: seed })
    .map(({ of, at }) => ({
      inputs: [bool(of, at), float(of, at + 1), float(of, at + 2)],
      run: (c, a, b) => tf.where(c!, a!, b!),
    })),
  Identity: unary(x => raw('Identity', dataType.float32, [x])),
  Reshape: unary(x => tf.reshape(x, [1, -1])),
  ExpandDims: along((x, axis) => tf.expandDims(x, axis)),
  Slice: shape(1).chain(of =>
    fc.record({ from: fc.array(fc.nat(4), { minLength: 4, maxLength: 4 }), at: seed }).map(({ from, at }) => {
      const begin = of.map((n, i) => Math.min(from[i]!, n - 1));
      const size = of.map((n, i) => Math.max(1, n - begin[i]! - (at % 2)));
      return { inputs: [float(of, at)], run: x => tf.slice(x!, begin, size) };
    }),
  ),
  StridedSlice: strided,
  ConcatV2: along((x, axis) => tf.concat([x, tf.neg(x), tf.square(x)], axis)),
  SplitV: along((x, axis, at) => {
    const n = x.shape[axis]!;
    const cut = at % (n + 1);
    return tf.split(x, cut === 0 || cut === n ? [n] : [cut, n - cut], axis);
  }),
  Pack: along((x, axis) => tf.stack([x, tf.neg(x)], axis)),
  Unpack: along((x, axis) => tf.unstack(x, axis)),
  Tile: shuffled.map(({ of, at, parts }) => {
    const times = of.map((_, i) => 1 + parts[i]!);
    return { inputs: [float(of, at)], run: x => tf.tile(x!, times) };
  }),
  PadV2: shuffled.map(({ of, at, parts }) => {
    const edges = of.map((_, i): [number, number] => [parts[2 * i]!, parts[2 * i + 1]!]);
    return { inputs: [float(of, at)], run: x => tf.pad(x!, edges, 0.5) };
  }),
  ReverseV2: along((x, axis) => tf.reverse(x, [axis - x.rank])),
  Transpose: shape(1).chain(of =>
    fc
      .record({
        axes: fc.shuffledSubarray(
          of.map((_, i) => i),
          { minLength: of.length },
        ),
        at: seed,
      })
      .map(({ axes, at }) => ({ inputs: [float(of, at)], run: x => tf.transpose(x!, axes) })),
  ),
  BroadcastTo: stretched.map(({ of, ones, at }) => ({
    inputs: [
      float(
        of.map((n, i) => (ones[i] ? 1 : n)),
        at,
      ),
    ],
    run: x => {
      const backend = nativeBackend()!;
      const target = tf.tensor1d(of, 'int32');
      const attributes = [
        { name: 'T', type: attributeType.type, value: dataType.float32 },
        { name: 'Tidx', type: attributeType.type, value: dataType.int32 },
      ];
      const ids = backend.getInputTensorIds([x!, target]);
      return backend.createOutputTensor(backend.binding.executeOp('BroadcastTo', attributes, ids, 1)[0]!);
    },
  })),
  Fill: unary(x => tf.mul(x, tf.fill(x.shape, 3))),
  Range: unary(x => tf.add(tf.sum(x), tf.range(1, 9, 2))),
  OneHot: shape(0, 2).chain(of =>
    fc
      .record({ at: seed, depth: fc.integer({ min: 2, max: 6 }) })
      .map(({ at, depth }) => ({ inputs: [int(of, at)], run: x => tf.oneHot(x!, depth, 2, -1) })),
  ),
  GatherV2: along((x, axis, at) => {
    const n = x.shape[axis]!;
    const picked = [0, n - 1, at % n, (at + 1) % n];
    return tf.gather(x, at % 2 ? tf.tensor2d(picked, [2, 2], 'int32') : tf.tensor1d(picked, 'int32'), axis);
  }),
  UnsortedSegmentSum: fc
    .record({ of: shape(1, 3), at: seed })
    .map(({ of, at }) => ({
      inputs: [float(of, at), tf.cast(tf.mod(tf.abs(int([of[0]!], at)), 4), 'int32')],
      run: (x, ids) => tf.unsortedSegmentSum(x!, ids as tf.Tensor1D, 4),
    })),
  Sum: reduced(tf.sum),
  Mean: reduced(tf.mean),
  Prod: reduced(tf.prod),
  Max: reduced(tf.max),
  Min: reduced(tf.min, int),
  All: reduced(tf.all, bool),
  Any: reduced(tf.any, bool),
  Softmax: unary(
    x => tf.softmax(x),
    (of, at) => float([...of, 3], at),
  ),
  ArgMax: along((x, axis) => tf.argMax(x, axis)),
  ArgMin: along((x, axis) => tf.argMin(x, axis), int),
  Cumsum: along((x, axis, at) => tf.cumsum(x, axis, at % 2 === 0, at % 4 < 2)),
  MatMul: fc
    .record({ m: few, k: few, n: few, at: seed })
    .map(({ m, k, n, at }) => ({
      inputs: [float([m, k], at), float([k, n], at + 1)],
      run: (a, b) => raw('MatMul', dataType.float32, [a!, b!]),
    })),
  BatchMatMulV2: multiplied,
  Conv2D: fc.oneof(
    convolved((x, w, { strides, pad }) => tf.conv2d(x, w, strides, pad)),
    convolved((x, w, { at }) => tf.conv2d(x, w, 1, 'same', 'NHWC', [1 + (at % 2), 2])),
    convolved((x, w, { strides, at }) =>
      tf.conv2d(x, w, strides, [
        [0, 0],
        [at % 3, 1],
        [2, at % 2],
        [0, 0],
      ]),
    ),
  ),
  Conv2DBackpropInput: convolved((x, w, { strides, pad }) =>
    gradient(y => tf.conv2d(y as tf.Tensor4D, w, strides, pad), x),
  ),
  Conv2DBackpropFilter: convolved((x, w, { strides, pad }) =>
    gradient(v => tf.conv2d(x, v as tf.Tensor4D, strides, pad), w),
  ),
  Conv3D: volumes,
  Conv3DBackpropInputV2: volumes,
  Conv3DBackpropFilterV2: volumes,
  AvgPool: pooled((x, { window, strides, pad }) => tf.avgPool(x, [...window], strides, pad)),
  AvgPoolGrad: pooled((x, { window, strides, pad }) =>
    gradient(y => tf.avgPool(y as tf.Tensor4D, [...window], strides, pad), x),
  ),
  MaxPool: pooled((x, { window, strides, pad }) => tf.maxPool(x, [...window], strides, pad)),
  MaxPoolGrad: pooled((x, { window, strides, pad }) =>
    gradient(y => tf.maxPool(y as tf.Tensor4D, [...window], strides, pad), x),
  ),
  Bitcast: fc
    .record({ of: shape(), at: seed })
    .map(({ of, at }) => ({ inputs: [float(of, at)], run: x => tf.add(x!, deviceRng(at).uniform(of)) })),
  StatelessRandomNormalV2: fc
    .record({ of: shape(), at: seed })
    .map(({ of, at }) => ({ inputs: [float(of, at)], run: x => tf.add(x!, deviceRng(at).normal(of)) })),
  StatelessRandomUniformV2: fc
    .record({ of: shape(), at: seed })
    .map(({ of, at }) => ({ inputs: [float(of, at)], run: x => tf.add(x!, deviceRng(at).uniform(of)) })),
};
