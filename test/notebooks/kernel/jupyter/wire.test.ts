import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { withoutReplays } from '../../../../notebooks/kernel/jupyter/replays.js';
import { decode, encode, signer } from '../../../../notebooks/kernel/jupyter/wire.js';
import { malformed, message, signing, withstands } from './malformed.js';

describe('wire', () => {
  it('brings every message back as it was', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), content => {
        const sent = JSON.parse(JSON.stringify(message(content))) as object;
        const back = JSON.parse(JSON.stringify(decode(encode(message(content), signing), signing))) as object;
        const unstamped = (each: object) => ({ ...each, header: undefined });
        assert.deepEqual(unstamped(back), unstamped(sent));
      }),
    );
  });

  it('makes whole characters of halves, in what comes and in what goes, and leaves all else', () => {
    const texts = fc.array(fc.constantFrom('\ud83d', '\ude00', '😀', '\\', '\\ud83d', '\\ude00', '"', 'u', 'é'));
    fc.assert(
      fc.property(texts, parts => {
        const text = parts.join('');
        const whole = Buffer.from(text).toString();
        const frames = encode(message({ text }), signing);
        assert.equal(decode(frames, signing).content.text, whole);
        // As Python writes it: every unit that is not ASCII as an escape.
        const escaped = JSON.stringify({ text }).replaceAll(/[^ -~]/g, unit => `\\u${unit.charCodeAt(0).toString(16)}`);
        const json = [...frames.slice(3, 6), Buffer.from(escaped.replaceAll('\\ue9', '\\u00e9'))];
        const python = [...frames.slice(0, 2), Buffer.from(signing.sign(json)), ...json];
        assert.equal(decode(python, signing).content.text, whole);
      }),
    );
  });

  it('refuses another key, a changed frame and a missing signature', () => {
    const frames = encode(message(), signing);
    assert.throws(() => decode(frames, signer('other')), /signature/);
    for (const changed of [2, 3, 4, 5, 6]) {
      const broken = frames.map((frame, index) =>
        index === changed ? Buffer.concat([frame, Buffer.from(' ')]) : frame,
      );
      assert.throws(() => decode(broken, signing), /signature/);
    }
    assert.throws(
      () =>
        decode(
          frames.map((frame, index) => (index === 2 ? Buffer.alloc(0) : frame)),
          signing,
        ),
      /signature/,
    );
  });

  it('takes a signature once, as long as it is remembered, and says so the second time', () => {
    const once = withoutReplays(signing, 2);
    const [first, second, third] = [1, 2, 3].map(n => encode(message({ n }), signing));
    for (const frames of [first!, second!]) assert.ok(decode(frames, once));
    assert.throws(() => decode(first!, once), /before/);
    assert.throws(() => decode(encode(message(), signer('other')), once), /does not match/);
    assert.ok(decode(third!, once));
    assert.throws(() => decode(second!, once), /before/);
    assert.ok(decode(first!, once), 'the oldest is forgotten');
    const unsigned = withoutReplays(signer(''));
    for (const frames of Array(2).fill(encode(message(), signer('')))) assert.ok(decode(frames, unsigned));
  });

  it('signs as the protocol says: HMAC-SHA256 over the four JSON frames', () => {
    const parts = ['{}', '{}', '{}', '{}'].map(part => Buffer.from(part));
    // python: hmac.new(b'key', b'{}{}{}{}', hashlib.sha256).hexdigest()
    assert.equal(signing.sign(parts), PYTHON_DIGEST);
    assert.equal(signer('').sign(parts), '');
  });

  it('survives 10,000 malformed messages, none of which decodes', () => {
    let count = 0;
    fc.assert(
      fc.property(malformed, frames => {
        count++;
        assert.throws(() => decode(frames, signing), Error);
      }),
      { numRuns: 10_000, seed: 1 },
    );
    assert.equal(count, 10_000);
  });

  it('a kernel that is sent 5,000 malformed messages runs none and answers on', () => withstands(5000, 2));
});

const PYTHON_DIGEST = 'ca767b02c5bc061ed184a9a029e7f93a7f2f7ed4e8fe74120fc1212f0b008fa3';
