import { deepEqual, equal, match, ok, throws } from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { compile } from '../../../../notebooks/backend/graph/index.js';
import { compiledMode, listener, onDevice, skip } from './native.js';

const numbers = (t: tf.Tensor): number[] => Array.from(t.dataSync());
/** Calls until the function is compiled; the third call is the first compiled one. */
const thrice = <R>(call: (i: number) => R): R[] => [0, 1, 2].map(call);

for (const xla of [true, false]) {
  const name = xla ? 'with XLA' : 'as a plain graph';
  test(`records and arrays of tensors go in and come out, ${name}`, { skip }, () => {
    const f = ({ x, list }: { x: tf.Tensor; list: tf.Tensor[] }, factor: number) => ({
      sum: tf.add(x, tf.addN(list)),
      parts: [tf.mul(x, factor), x] as const,
      label: 'kept',
    });
    const compiled = compile(f, { xla });
    const results = thrice(i => compiled({ x: tf.tensor1d([i, 1]), list: [tf.tensor1d([1, i]), tf.ones([2])] }, 3));
    deepEqual(
      results.map(r => numbers(r.sum)),
      [
        [2, 2],
        [3, 3],
        [4, 4],
      ],
    );
    deepEqual(numbers(results[2]!.parts[0]), [6, 3]);
    deepEqual(numbers(results[2]!.parts[1]), [2, 1]);
    equal(results[2]!.label, 'kept');
    equal(compiled.specialisations()[0]?.mode, compiledMode(xla));
  });
}

test('the same tensor twice is two arguments', { skip }, () => {
  const compiled = compile((a: tf.Tensor, b: tf.Tensor) => tf.sub(tf.mul(a, 2), b));
  const same = tf.scalar(3);
  thrice(() => compiled(same, same));
  equal(compiled(tf.scalar(5), tf.scalar(1)).dataSync()[0], 9);
});

test('shapes, dtypes and plain values are the key, and a new one is reported', { skip }, () => {
  const { messages, report } = listener();
  const compiled = compile((x: tf.Tensor, k: number) => tf.mul(x, k), { report, name: 'scale' });
  for (const x of [tf.ones([2]), tf.ones([3]), tf.ones([2], 'int32')]) thrice(() => compiled(x, 2));
  thrice(() => compiled(tf.ones([2]), 3));
  thrice(() => compiled(tf.ones([2]), 2));
  equal(compiled.specialisations().length, 4);
  equal(messages.length, 3);
  match(messages[0]!, /scale is traced again, for \[float32 \[3\]/);
});

test('variables are read and written where they are, from both sides', { skip }, () => {
  const v = tf.variable(tf.scalar(1));
  const copy = tf.variable(v);
  const compiled = compile((x: tf.Tensor) => {
    v.assign(tf.add(v, x));
    return tf.mul(v, 10);
  });
  const results = thrice(() => compiled(tf.scalar(1)).dataSync()[0]);
  deepEqual(results, [20, 30, 40]);
  equal(v.dataSync()[0], 4);
  equal(copy.dataSync()[0], 1);
  v.assign(tf.scalar(100));
  const before = v.clone();
  equal(compiled(tf.scalar(2)).dataSync()[0], 1020);
  equal(v.dataSync()[0], 102);
  equal(before.dataSync()[0], 100);
  v.dispose();
  copy.dispose();
});

test('a tensor from outside stays alive while the function needs it', { skip }, () => {
  const weight = tf.tensor1d([1, 2]);
  const compiled = compile((x: tf.Tensor) => tf.mul(x, weight));
  thrice(() => compiled(tf.ones([2])));
  weight.dispose();
  deepEqual(numbers(compiled(tf.ones([2]))), [1, 2]);
});

const fallbacks: [string, (x: tf.Tensor) => tf.Tensor, RegExp][] = [
  ['a value read back', x => tf.mul(x, tf.sum(x).dataSync()[0]!), /dataSync.*Sum/],
  ['a random number of the host', x => tf.add(x, Math.random()), /numbers from the host change.*Add/],
  ['a path that changes', alternating(), /another path at each call: (Sin|Cos), then (Sin|Cos)/],
  ['a tensor that changes', fresh(), /a tensor from outside is another one.*Add/],
];

function alternating(): (x: tf.Tensor) => tf.Tensor {
  let calls = 0;
  return x => (calls++ % 2 === 0 ? tf.sin(x) : tf.cos(x));
}

function fresh(): (x: tf.Tensor) => tf.Tensor {
  let state: tf.Tensor = tf.scalar(0);
  return x => {
    state = tf.keep(tf.add(x, state));
    return state;
  };
}

for (const [name, f, reason] of fallbacks) {
  test(`${name} makes the function run as it is, with the reason said once`, { skip }, () => {
    const { messages, report } = listener();
    const compiled = compile(f, { report, name: 'f' });
    for (let i = 0; i < 5; i++) compiled(tf.scalar(0.5));
    equal(messages.length, 1);
    match(messages[0]!, /^f runs eagerly: /);
    match(messages[0]!, reason);
    equal(compiled.specialisations()[0]?.mode, 'eager');
  });
}

test('what XLA does not know runs as a plain graph, with the op named', {
  skip: skip || (onDevice && 'it runs on a device'),
}, () => {
  const { messages, report } = listener();
  const resize = (x: tf.Tensor4D) =>
    tf.grad(y => tf.sum(tf.square(tf.image.resizeNearestNeighbor(y as tf.Tensor4D, [4, 4]))))(x);
  const compiled = compile(resize, { report, xla: true });
  const results = thrice(() => numbers(compiled(tf.ones([1, 2, 2, 1]))));
  deepEqual(results[2], [8, 8, 8, 8]);
  match(messages[0]!, /resize runs without XLA: .*ResizeNearestNeighborGrad/);
  equal(compiled.specialisations()[0]?.mode, 'graph');
});

test('under grad and inside another compiled function it is the function itself', { skip }, () => {
  const square = compile((x: tf.Tensor) => tf.square(x));
  thrice(() => square(tf.scalar(2)));
  equal(
    tf
      .grad(x => square(x))(tf.scalar(3))
      .dataSync()[0],
    6,
  );
  const outer = compile((x: tf.Tensor) => tf.add(square(x), 1));
  deepEqual(
    thrice(() => outer(tf.scalar(3)).dataSync()[0]),
    [10, 10, 10],
  );
  equal(outer.specialisations()[0]?.operations, 2);
});

test('errors of the function itself reach the caller', { skip }, () => {
  const compiled = compile((x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D));
  throws(() => compiled(tf.ones([2, 3])), /incompatible/);
  deepEqual(numbers(compiled(tf.ones([1, 1]))), [1]);
});

test('dispose gives back every tensor, and the function can be used again', { skip }, () => {
  const before = tf.memory().numTensors;
  const weight = tf.scalar(2);
  const compiled = compile((x: tf.Tensor) => tf.mul(x, weight));
  const one = tf.scalar(1);
  thrice(() => compiled(one).dispose());
  compiled.dispose();
  deepEqual(compiled.specialisations(), []);
  const again = compiled(one);
  ok(again.dataSync()[0] === 2);
  compiled.dispose();
  tf.dispose([again, one, weight]);
  equal(tf.memory().numTensors, before);
});

for (const xla of [true, false]) {
  test(`bfloat16 rounds products to 8 bits and nothing else, ${xla ? 'with XLA' : 'as a plain graph'}`, {
    skip,
  }, () => {
    const loss = (x: tf.Tensor4D, w: tf.Tensor4D) => tf.sum(tf.square(tf.conv2d(x, w, 1, 'same')));
    const f = (x: tf.Tensor4D, w: tf.Tensor4D) => ({
      gradient: tf.grad((v: tf.Tensor) => loss(x, v as tf.Tensor4D))(w),
      shifted: tf.add(x, 1 / 1024),
    });
    const [x, w] = [
      tf.randomNormal([2, 8, 8, 4], 0, 1, 'float32', 1),
      tf.randomNormal([3, 3, 4, 8], 0, 1, 'float32', 2),
    ];
    const exact = f(x as tf.Tensor4D, w as tf.Tensor4D);
    const compiled = compile(f, { bfloat16: true, xla });
    const rounded = thrice(() => compiled(x as tf.Tensor4D, w as tf.Tensor4D))[2]!;
    const error = tf.div(tf.norm(tf.sub(rounded.gradient, exact.gradient)), tf.norm(exact.gradient)).dataSync()[0]!;
    ok(error > 1e-4 && error < 2 ** -7, `relative error ${error}`);
    deepEqual(numbers(rounded.shifted), numbers(exact.shifted));
  });
}
