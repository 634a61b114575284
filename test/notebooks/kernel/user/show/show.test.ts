import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inflateSync } from 'node:zlib';
import ndarray from 'ndarray';
import { encodePng } from '../../../../../notebooks/kernel/user/show/images.js';
import { show } from '../../../../../notebooks/kernel/user/show/show.js';

const text = async (value: unknown) => (await show(value)).data['text/plain'];

describe('show', () => {
  it('says shape, dtype, range and values of arrays', async () => {
    const values = new Float32Array([0, 1, 2, 3, 4, 5]);
    const tensor = { shape: [2, 3], dtype: 'float32', data: () => Promise.resolve(values), dataSync: () => values };
    assert.equal(await text(tensor), 'Tensor float32 [2, 3], in [0, 5], mean 2.5\n[[0, 1, 2],\n [3, 4, 5]]');
    assert.equal(await text({ ...tensor, isDisposed: true }), 'Tensor float32 [2, 3], disposed');
    assert.equal(
      await text(ndarray(new Float64Array([1, 2, 3, 4]), [2, 2]).transpose(1, 0)),
      'ndarray float64 [2, 2], in [1, 4], mean 2.5\n[[1, 3],\n [2, 4]]',
    );
    assert.equal(
      await text(new Float64Array([1, Number.NaN, 3])),
      'Float64Array [3], in [1, 3], mean 2, 1 not finite\n[1, NaN, 3]',
    );
    assert.match(String(await text(new Uint8Array(100))), /^Uint8Array \[100\].*\n\[0, 0, 0, …, 0, 0, 0\]$/);
  });

  it('shows complex numbers as such, and tensors within something in a line each', async () => {
    const values = new Float32Array([1, 3, 2, -4]);
    class Tensor {
      readonly internal = 'hidden';
      constructor(
        readonly shape: readonly number[],
        readonly dtype: string,
        readonly values: Float32Array,
      ) {}
      data = () => Promise.resolve(this.values);
      dataSync = () => this.values;
    }
    assert.equal(await text(new Tensor([2], 'complex64', values)), 'Tensor complex64 [2]\n[1 + 3i, 2 - 4i]');
    const small = new Tensor([2, 2], 'float32', values);
    const large = new Tensor([8], 'float32', new Float32Array(8).fill(1.5));
    assert.equal(
      await text([small, { large, deep: new Map([['k', small]]) }]),
      `[
  Tensor float32 [2, 2] [[1, 3], [2, -4]],
  {
    large: Tensor float32 [8], in [1.5, 1.5], mean 1.5,
    deep: Map(1) { 'k' => Tensor float32 [2, 2] [[1, 3], [2, -4]] }
  }
]`,
    );
    assert.deepEqual(Object.getOwnPropertySymbols(Tensor.prototype), []);
    assert.match(
      String(
        await text([
          large,
          {
            get getter() {
              throw new Error('asked');
            },
          },
        ]),
      ),
      /\[Getter\]/,
    );
  });

  it('makes tables of records, escaped, and of nothing else', async () => {
    const { data } = await show([
      { name: '<a>', x: 1 },
      { name: 'b', x: 2.5 },
    ]);
    assert.match(String(data['text/html']), /<td>&lt;a&gt;<\/td><td>1<\/td>/);
    assert.equal(data['text/plain'], 'name    x\n----  ---\n<a>     1\nb     2.5');
    assert.equal((await show([{ a: 1 }, { b: 1 }])).data['text/html'], undefined);
    assert.equal((await show([])).data['text/html'], undefined);
  });

  it("asks the value's own Jupyter.display first, and always has a text", async () => {
    const own = { [Symbol.for('Jupyter.display')]: async () => ({ 'image/png': new Uint8Array([1]) }) };
    const { data } = await show(own);
    assert.equal(data['image/png'], 'AQ==');
    assert.equal(typeof data['text/plain'], 'string');
    const size = { width: 2, height: 1 };
    const sized = { ...own, metadata: { 'image/png': size, title: 'not of a MIME type' } };
    assert.deepEqual((await show(sized)).metadata, { 'image/png': size });
    assert.deepEqual((await show({ metadata: { 'text/plain': {} } })).metadata, {});
    assert.equal((await show({ outerHTML: '<p>x</p>' })).data['text/html'], '<p>x</p>');
  });

  it('encodes pixels as a PNG that holds them', async () => {
    const data = new Uint8ClampedArray([255, 0, 0, 255, 0, 255, 0, 128]);
    const png = encodePng({ width: 2, height: 1, data });
    assert.equal(png.readUInt32BE(16), 2);
    const length = png.readUInt32BE(33);
    assert.deepEqual([...inflateSync(png.subarray(41, 41 + length))], [0, ...data]);
    assert.equal((await show({ width: 2, height: 1, data })).data['image/png'], png.toString('base64'));
  });
});
