/** SHA-256 of bytes, as 64 hexadecimal digits. Written here since browsers have it only as a promise. [FIPS 180-4] */

/** The first 32 bits of the fractional parts of roots of the first primes. */
const constants = (count: number, root: (prime: number) => number): number[] => {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every(p => n % p !== 0)) primes.push(n);
  return primes.map(p => Math.floor((root(p) % 1) * 2 ** 32));
};
const K = Int32Array.from(constants(64, Math.cbrt), v => v | 0);
const START = Int32Array.from(constants(8, Math.sqrt), v => v | 0);

/** Mixes one block of 16 words, big-endian from `at`, into the state; w is scratch. */
const mix = (state: Int32Array, w: Int32Array, bytes: DataView, at: number): void => {
  for (let i = 0; i < 16; i++) w[i] = bytes.getInt32(at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const [x, y] = [w[i - 15]!, w[i - 2]!];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i]! + w[i]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((v, i) => {
    state[i] = (state[i]! + v) | 0;
  });
};

/** The hash of the parts one after the other. */
export const sha256 = (...parts: readonly Uint8Array[]): string => {
  const [state, w] = [Int32Array.from(START), new Int32Array(64)];
  const block = new Uint8Array(64);
  let [length, filled] = [0, 0];
  const feed = (bytes: Uint8Array): void => {
    let at = 0;
    while (at < bytes.length) {
      if (filled === 0 && bytes.length - at >= 64) {
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        for (; bytes.length - at >= 64; at += 64) mix(state, w, view, at);
        continue;
      }
      const part = bytes.subarray(at, at + 64 - filled);
      block.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled === 64) mix(state, w, new DataView(block.buffer), 0);
      filled %= 64;
    }
  };
  for (const part of parts) {
    length += part.length;
    feed(part);
  }
  const end = new Uint8Array(filled < 56 ? 64 - filled : 128 - filled);
  end[0] = 0x80;
  new DataView(end.buffer).setBigUint64(end.length - 8, 8n * BigInt(length));
  feed(end);
  return Array.from(state, v => (v >>> 0).toString(16).padStart(8, '0')).join('');
};
