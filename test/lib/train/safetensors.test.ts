import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Archive,
  decodeSafetensors,
  encodeSafetensors,
  float32,
  type Stored,
} from '../../../lib/train/safetensors.js';

const array = fc.oneof(
  fc
    .float32Array({ maxLength: 12, noNaN: true })
    .map((values): Stored => ({ dtype: 'F32', shape: [values.length], values })),
  fc
    .float64Array({ maxLength: 5, noNaN: true })
    .map((values): Stored => ({ dtype: 'F64', shape: [1, values.length], values })),
  fc.int32Array({ maxLength: 7 }).map((values): Stored => ({ dtype: 'I32', shape: [values.length, 1], values })),
  fc.uint8Array({ maxLength: 9 }).map((values): Stored => ({ dtype: 'U8', shape: [values.length], values })),
  fc.bigInt64Array({ maxLength: 3 }).map((values): Stored => ({ dtype: 'I64', shape: [values.length], values })),
  fc.uint16Array({ maxLength: 5 }).map((values): Stored => ({ dtype: 'BF16', shape: [values.length], values })),
);
const name = fc
  .string({ minLength: 1, maxLength: 12 })
  .filter(s => s !== '__metadata__' && s !== 'sha256' && !/^\d+$/.test(s));
const anyName = fc.oneof(name, fc.constantFrom('__proto__', 'constructor', 'toString'));

test('what is written is read back, whatever the types, shapes, names and metadata', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyName, array), { maxLength: 6 }),
      fc.dictionary(anyName, fc.string()),
      (list, metadata) => {
        const archive: Archive = { tensors: new Map(list), metadata };
        const again = decodeSafetensors(encodeSafetensors(archive));
        assert.deepEqual({ ...again.metadata }, { ...metadata });
        assert.equal(again.tensors.size, archive.tensors.size);
        for (const [key, value] of archive.tensors) assert.deepEqual(again.tensors.get(key), value);
      },
    ),
  );
});

const bytesOf = (header: string, data = new Uint8Array(0)): Uint8Array => {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
};

test('a file of the published layout is read, also from the middle of a buffer', () => {
  const file = bytesOf(
    '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}',
    new Uint8Array([0, 0, 128, 63, 0, 0, 0, 192]),
  );
  const inside = new Uint8Array(file.length + 3);
  inside.set(file, 3);
  for (const bytes of [file, inside.subarray(3)]) {
    assert.deepEqual(decodeSafetensors(bytes).tensors.get('a'), float32(Float32Array.of(1, -2), [2]));
  }
});

test('damaged files are refused with what was found', () => {
  const entry = (rest: string) => bytesOf(`{"a":{${rest}}}`, new Uint8Array(8));
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(3), /the number of bytes is 3/],
    [bytesOf('{}').slice(0, 9), /the header's length in a file of 9 bytes is 2/],
    [bytesOf('not json'), /the header is "not json"/],
    [bytesOf('[1]'), /the header is \[1\]/],
    [entry('"dtype":"F31","shape":[2],"data_offsets":[0,8]'), /the dtype of a is "F31"/],
    [entry('"dtype":"F32","shape":[-2],"data_offsets":[0,8]'), /the shape of a is \[-2\]/],
    [entry('"dtype":"F32","shape":[2],"data_offsets":[0]'), /the place of a is \[0\]/],
    [entry('"dtype":"F32","shape":[3],"data_offsets":[0,8]'), /the size in bytes of a, F32 \[3\] of 12 bytes, is 8/],
    [entry('"dtype":"F32","shape":[1],"data_offsets":[4,8]'), /the start of a, after 0 bytes of data, is 4/],
    [entry('"dtype":"F32","shape":[1],"data_offsets":[0,4]'), /of which the header names 4, is 8/],
    [bytesOf('{"__metadata__":{"n":1}}'), /the metadata n is 1/],
  ];
  for (const [bytes, message] of cases) {
    assert.throws(() => decodeSafetensors(bytes), { name: 'RangeError', message });
  }
  assert.throws(() => float32(Float32Array.of(1, 2), [3]), /the number of values is 2/);
});

test('cutting a valid file anywhere is noticed', () => {
  const bytes = encodeSafetensors({
    tensors: new Map([['w', float32(Float32Array.of(1, 2, 3), [3])]]),
    metadata: { k: 'v' },
  });
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(() => decodeSafetensors(bytes.subarray(0, length)), RangeError, `${length} bytes`);
  }
});

const refused = (bytes: Uint8Array): boolean => {
  try {
    decodeSafetensors(bytes);
    return false;
  } catch (error) {
    if (error instanceof RangeError) return true;
    throw error;
  }
};

test('damage anywhere in the numbers or the metadata is noticed', () => {
  const values = Float32Array.from({ length: 400 }, (_, i) => i + 1);
  const bytes = encodeSafetensors({ tensors: new Map([['w', float32(values, [20, 20])]]), metadata: { steps: '500' } });
  assert.equal(decodeSafetensors(bytes).checked, true);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = bytes.slice();
      damaged[at] = damaged[at]! ^ change;
      // Damage to the name `sha256` leaves a file that says of itself that it carries no hash.
      assert.ok(refused(damaged) || !decodeSafetensors(damaged).checked, `byte ${at}`);
    }),
    { numRuns: 1000 },
  );
  const zeroed = bytes.slice().fill(0, bytes.length - 512);
  assert.throws(() => decodeSafetensors(zeroed), /the hash of the contents, [0-9a-f]{64} when it was written, is/);
});

test('a file of another program carries no hash, is read, and says so', () => {
  const file = bytesOf('{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}', new Uint8Array([1, 2]));
  assert.equal(decodeSafetensors(file).checked, false);
});

test('names that the format or the hash needs are refused', () => {
  const tensors = new Map([['__metadata__', float32(Float32Array.of(1), [1])]]);
  assert.throws(() => encodeSafetensors({ tensors, metadata: {} }), /"__metadata__": the format keeps it/);
  assert.throws(() => encodeSafetensors({ tensors: new Map(), metadata: { sha256: '0' } }), /sha256 is "0"/);
});
