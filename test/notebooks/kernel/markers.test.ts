import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeFrame, type Frame, frameReader } from '../../../notebooks/kernel/frames.js';
import { markedStream } from '../../../notebooks/kernel/markers.js';
import { marker } from '../../../notebooks/kernel/protocol.js';

/** Cuts bytes at these places, as a pipe may. */
const cut = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const at = [0, ...places.map(place => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
};

describe('markers in an output pipe', () => {
  it('leave the text as it was, wherever the pipe cuts it, and are reached after it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 6 }),
        async (texts, places) => {
          let seen = '';
          const stream = markedStream('nonce', text => {
            seen += text;
          });
          const bytes = Buffer.from(texts.map((text, index) => text + marker('nonce', index + 1)).join(''));
          for (const chunk of cut(bytes, places)) stream.push(chunk);
          await stream.reached(texts.length);
          assert.equal(seen, texts.join(''));
        },
      ),
    );
  });

  it('do not wait for ever at a pipe that has ended, and lose no zero byte', async () => {
    let seen = '';
    const stream = markedStream('nonce', text => {
      seen += text;
    });
    stream.push(Buffer.from('a\0b\0non'));
    stream.end();
    await stream.reached(5);
    assert.equal(seen, 'a\0b\0non');
  });
});

describe('frames', () => {
  it('come back whole and in order, wherever the pipe cuts them', () => {
    const frame = fc.record({
      body: fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.string()),
      buffers: fc.array(fc.uint8Array()),
    });
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (frames, places) => {
          const received: Frame[] = [];
          const read = frameReader(each => received.push(each));
          const bytes = Buffer.concat(frames.map(({ body, buffers }) => encodeFrame(body, buffers)));
          for (const chunk of cut(bytes, places)) read(chunk);
          const plain = received.map(({ body, buffers }) => ({
            body: { ...body },
            buffers: buffers.map(each => [...each]),
          }));
          assert.deepEqual(
            plain,
            frames.map(({ body, buffers }) => ({
              body: { ...body },
              buffers: buffers.map(each => [...each]),
            })),
          );
        },
      ),
    );
  });
});
