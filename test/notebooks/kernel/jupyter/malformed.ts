import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encode, header, type Message, signer } from '../../../../notebooks/kernel/jupyter/wire.js';
import { startKernel } from '../client.js';

export const signing = signer('key');
export const message = (content = {}): Message => ({
  identities: [Buffer.from('id')],
  header: header('execute_request', 'session'),
  parent_header: {},
  metadata: { m: 1 },
  content,
  buffers: [Buffer.from([0, 255])],
});

/** Signed with a wrong key, cut, changed, not JSON, not an object, halves of characters, or mere noise. */
export const malformed: fc.Arbitrary<Buffer[]> = (() => {
  const noise = fc.array(
    fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes)),
    { maxLength: 8 },
  );
  // Python writes half a character as an escape, others the bytes that it would have.
  const halves = fc.constantFrom('', '\\ud83d', '\\ude00\\ud83d', Buffer.from('eda0bd', 'hex'));
  const spelled = halves.map(half => {
    const [head, end] = ['{"code": "process.exit(1) // ', '", "silent": false}'];
    const code = Buffer.concat([head, half, end].map(part => Buffer.from(part as string)));
    const frames = encode(message(), signer(''));
    const json = [...frames.slice(3, 6), code];
    return (key: string) => [...frames.slice(0, 2), Buffer.from(signer(key).sign(json)), ...json, ...frames.slice(7)];
  });
  const evil = spelled.map(frames => frames('key'));
  const wrongKey = fc.tuple(spelled, fc.string()).map(([frames, key]) => frames(`not ${key}`));
  const cut = fc.tuple(evil, fc.integer({ min: 0, max: 5 })).map(([frames, length]) => frames.slice(0, length));
  const flipped = fc.tuple(evil, fc.integer({ min: 2, max: 6 }), fc.nat()).map(([each, frame, at]) => {
    const frames = each.map(bytes => Buffer.from(bytes));
    const target = frames[frame]!;
    target[at % target.length]! ^= 1;
    return frames;
  });
  const signed = (parts: readonly string[]) => {
    const buffers = parts.map(part => Buffer.from(part));
    return [Buffer.from('<IDS|MSG>'), Buffer.from(signing.sign(buffers)), ...buffers];
  };
  const odd = fc.constantFrom('[]', 'null', '1', '"x"', '{', '', '{"msg_id":1}', '"\\ud83d"', '{"\\ude00":');
  const notObjects = fc.tuple(odd, odd, odd, odd).map(signed);
  return fc.oneof(noise, wrongKey, cut, flipped, notObjects);
})();

/** Sends a kernel so many malformed messages, a part of them at a time: it runs none and answers on. */
export const withstands = async (count: number, seed: number): Promise<void> => {
  const kernel = await startKernel();
  try {
    const each = 5000;
    for (let sent = 0; sent < count; sent += each) {
      const samples = fc.sample(malformed, { numRuns: Math.min(each, count - sent), seed: seed + sent });
      await Promise.all(samples.map(frames => kernel.raw('shell', frames.length > 0 ? frames : [Buffer.alloc(0)])));
      const half = { code: '"\ud83d".len', cursor_pos: 8 };
      const { reply } = await kernel.request('complete_request', half);
      assert.equal(reply.content.status, 'ok');
    }
    assert.equal((await kernel.execute('1 + 1')).result, '2');
    assert.equal((await kernel.execute('1 + 1')).reply.content.execution_count, 2);
  } finally {
    await kernel.close();
  }
};
