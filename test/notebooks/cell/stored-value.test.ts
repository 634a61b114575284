import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import ndarray from 'ndarray';
import { decode, encode, NotStorable } from '../../../notebooks/cell/stored-value.js';

const again = <T>(value: T): T => decode(encode(value)) as T;

test('plain data come back as they were', () => {
  const values = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: false,
    withNullPrototype: false,
    key: fc.string().filter(name => name !== '__proto__'),
  });
  fc.assert(fc.property(values, value => assert.deepStrictEqual(again(value), value)));
});

test('tensors and ndarrays come back with type, shape and order, wherever they are', async () => {
  await tf.setBackend('cpu');
  const grid = ndarray(Float64Array.from([1, 2, 3, 4, 5, 6]), [2, 3]).transpose(1, 0);
  const value = {
    a: [tf.tensor([[1, 2.5]])],
    b: new Map([['mask', tf.tensor1d([1, 0], 'bool')]]),
    grid,
    t: tf.scalar(-0),
  };
  const found = again(value);
  assert.deepEqual([found.a[0]!.shape, found.a[0]!.dtype, [...found.a[0]!.dataSync()]], [[1, 2], 'float32', [1, 2.5]]);
  assert.deepEqual([found.b.get('mask')!.dtype, [...found.b.get('mask')!.dataSync()]], ['bool', [1, 0]]);
  assert.ok(Object.is(found.t.dataSync()[0], -0));
  for (const [i, j] of [
    [0, 0],
    [2, 1],
  ] as const)
    assert.equal(found.grid.get(i, j), grid.get(i, j));
  assert.deepEqual(found.grid.shape, [3, 2]);
});

test('what occurs twice stays one, in a circle too', () => {
  const shared = { n: 1 };
  const value: { first: object; second: object; self?: object } = { first: shared, second: shared };
  value.self = value;
  const found = again(value);
  assert.equal(found.first, found.second);
  assert.equal(found.self, found);
});

class Point {
  x = 1;
}

const variable = tf.variable(tf.scalar(1));
const gone = tf.scalar(1);
gone.dispose();
for (const [what, value, said] of [
  ['a function', { f: () => 1 }, /the value\.f is a function/],
  ['an instance', [new Point()], /the value\.0 is an instance of Point/],
  ['a variable', variable, /is a variable/],
  ['a disposed tensor', gone, /disposed/],
  [
    'an accessor',
    {
      get now() {
        return Date.now();
      },
    },
    /property now that is more than a value/,
  ],
  ['an array with holes', new Array(2), /holes/],
  ['an object without prototype', Object.create(null), /an instance of nothing/],
  ['a promise', Promise.resolve(1), /an instance of Promise/],
  ['what looks like our own mark', { $stored: 'tensor' }, /\$stored/],
] as const) {
  test(`${what} is refused by its place`, () => {
    assert.throws(
      () => encode(value),
      (error: Error) => error instanceof NotStorable && said.test(error.message),
    );
  });
}
