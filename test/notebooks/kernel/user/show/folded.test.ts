import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { JSDOM } from 'jsdom';
import { show } from '../../../../../notebooks/kernel/user/show/show.js';

const htmlOf = async (value: unknown) => String((await show(value)).data['text/html'] ?? '');
const lines = async (value: unknown) => {
  const { document } = new JSDOM(await htmlOf(value)).window;
  const elements = [...document.querySelectorAll('summary, div > div:not(:has(*))')];
  return elements.map(each => each.textContent);
};
/** Long enough that the text takes several lines. */
const long = (letter: string) => letter.repeat(60);

describe('what can be folded', () => {
  it('is a Map, a Set, an instance and what is deep, each part under its key', async () => {
    class Point {
      constructor(
        readonly x: number,
        readonly where: object,
      ) {}
    }
    const value = {
      map: new Map<unknown, unknown>([
        ['k', new Set([1, long('a')])],
        [{ composite: 1 }, 2],
      ]),
      'not a name': new Point(-0, [undefined, null, 10n, Symbol('s'), Math.max]),
      [Symbol('hidden')]: { a: { b: { c: { d: { e: { f: 'deep' } } } } } },
    };
    assert.deepEqual(await lines(value), [
      'Object',
      'map: Map(2)',
      '"k": Set(2)',
      '1',
      `"${long('a')}"`,
      'Object',
      'key: Object',
      'composite: 1',
      'value: 2',
      '"not a name": Point',
      'x: -0',
      'where: Array(5)',
      '0: undefined',
      '1: null',
      '2: 10n',
      '3: Symbol(s)',
      '4: [Function: max]',
      '[Symbol(hidden)]: Object',
      'a: Object',
      'b: Object',
      'c: Object',
      'd: Object',
      'e: Object …',
    ]);
    const html = await htmlOf(value);
    assert.equal(html.match(/<details open>/g)?.length, 1);
    assert.equal(await htmlOf({ a: 1 }), '', 'one line of text needs no folding');
  });

  it('is an error with what caused it', async () => {
    const error = new AggregateError([new TypeError('one')], 'all', { cause: new RangeError('reason') });
    const found = await lines(error);
    assert.equal(found[0], 'AggregateError: all');
    assert.ok(found.includes('cause: RangeError: reason'));
    assert.ok(found.includes('0: TypeError: one'));
    assert.ok(found.some(line => line?.startsWith('stack: AggregateError: all\n    at ')));
  });

  it('runs no code of the value, and escapes what it says', async () => {
    let asked = 0;
    const ask = () => {
      asked++;
      throw new Error('asked');
    };
    const handler = new Proxy({}, { get: () => ask });
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const value = {
      get getter() {
        return ask();
      },
      set setter(_: number) {
        ask();
      },
      proxy: new Proxy({ secret: 1 }, handler),
      revoked: revoked.proxy,
      '<script>': '</div><script>alert(1)</script>\ud83d',
      '\udc00': 1,
      pad: long('b'),
    };
    const text = await lines(value);
    for (const line of ['getter: [Getter]', 'setter: [Getter]', 'proxy: [Proxy]', 'revoked: [Proxy]'])
      assert.ok(text.includes(line), line);
    assert.equal(asked, 0);
    const html = await htmlOf(value);
    assert.doesNotMatch(html, /<script/);
    assert.doesNotMatch(html, /\p{Surrogate}/u);
    const cycle: Record<string, unknown> = { pad: long('c'), more: long('d') };
    cycle.self = cycle;
    assert.ok((await lines(cycle)).includes('self: [Circular]'));
  });

  it('leaves a value alone that throws where it is looked at, or says how it is to be shown', async () => {
    const throwing = new Proxy(
      {},
      {
        get() {
          throw new Error('looked at');
        },
        getOwnPropertyDescriptor() {
          throw new Error('looked at');
        },
      },
    );
    assert.equal((await show(throwing)).data['text/plain'], '{}');
    const inherits = { pad: long('g'), inner: Object.create(throwing) as object, more: long('h') };
    assert.match(String((await show(inherits)).data['text/plain']), /^(\{|Object)/);
    const custom = { [Symbol.for('nodejs.util.inspect.custom')]: () => 'two\nlines' };
    assert.deepEqual((await show(custom)).data, { 'text/plain': 'two\nlines' });
  });

  it('is as quick to make of ten million entries as of few', async () => {
    const many = 10_000_000;
    const records = new Array(many).fill({ a: 1, b: 'x' });
    const values = {
      array: new Array(many).fill(0),
      records,
      nested: { records, pad: long('e'), more: long('f') },
      map: new Map(Array.from({ length: 200_000 }, (_, at) => [at, at])),
    };
    for (const [name, value] of Object.entries(values)) {
      await show(value);
      const times: number[] = [];
      for (let i = 0; i < 5; i++) {
        const from = performance.now();
        const { data } = await show(value);
        times.push(performance.now() - from);
        assert.ok(String(data['text/html']).length < 200_000, name);
      }
      assert.ok(Math.min(...times) < 20, `${name}: ${times}`);
    }
    const wide = Array.from({ length: 200 }, () => Array.from({ length: 200 }, (_, at) => ({ at })));
    const keys = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`key${at}`, at]));
    for (const value of [wide, keys]) {
      const text = String((await show(value)).data['text/plain']);
      assert.ok(text.length < 100_000, 'what nobody reads is not told');
      assert.match(text, /^(Array\(200\)|Object)\n {2}(0|key0): .*… \d+ more$/s);
    }
    assert.match(await htmlOf(values.array), /Array\(10000000\)<\/summary>.*… 9999900 more/);
    assert.match(await htmlOf(values.records), /<summary>… 9999950 more rows<\/summary>/);
  });
});
