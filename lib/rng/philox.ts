/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3" (SC11): four 32-bit words are a function of a 128-bit counter and a 64-bit key, so any part of a stream
 * can be computed anywhere, in any order.
 */

/** 32-bit words, the least significant first. */
export type Key = readonly [number, number];
/** A place in a stream: 128 bits as 32-bit words, the least significant first. */
export type Counter = readonly [number, number, number, number];

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** The high word of a 32 × 32 bit product, in 16-bit halves: a float64 product would lose the low bits. */
const high = (a: number, b: number): number => {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16); // < 2³²: exact
  const cross = a0 * b1 + (middle & 0xffff);
  return (a1 * b1 + (middle >>> 16) + (cross >>> 16)) | 0;
};

/** Writes the four words at this counter into `out`, from `offset`. */
export const block = (key: Key, counter: Counter, out: Uint32Array, offset = 0): void => {
  let [k0, k1] = key;
  let [c0, c1, c2, c3] = counter;
  for (let round = 0; round < 10; round++) {
    const h0 = high(c0, M0);
    const l0 = Math.imul(c0, M0);
    const h1 = high(c2, M1);
    const l1 = Math.imul(c2, M1);
    c0 = h1 ^ c1 ^ k0;
    c1 = l1;
    c2 = h0 ^ c3 ^ k1;
    c3 = l0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  out[offset] = c0;
  out[offset + 1] = c1;
  out[offset + 2] = c2;
  out[offset + 3] = c3;
};

/** counter + n for 0 ≤ n ≤ 2⁵³, carrying through all 128 bits. */
export const advance = (counter: Counter, n: number): Counter => {
  const c0 = counter[0] + (n % 2 ** 32);
  const c1 = counter[1] + Math.floor(n / 2 ** 32) + (c0 >= 2 ** 32 ? 1 : 0);
  const c2 = counter[2] + (c1 >= 2 ** 32 ? 1 : 0);
  const c3 = counter[3] + (c2 >= 2 ** 32 ? 1 : 0);
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
};

/** ⌈n/4⌉ blocks of words, from this counter on. */
export const words = (key: Key, counter: Counter, n: number): Uint32Array => {
  const out = new Uint32Array(4 * Math.ceil(n / 4));
  let c = counter;
  for (let i = 0; i < out.length; i += 4) {
    block(key, c, out, i);
    c = c[0] === 0xffffffff ? advance(c, 1) : [c[0] + 1, c[1], c[2], c[3]];
  }
  return out;
};
