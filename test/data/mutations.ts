import type { Rng } from '../../lib/rng/rng.js';

/** How many damaged files a test tries: `MUTATIONS=10000` for more. */
export const MUTATIONS = Number(process.env.MUTATIONS ?? 1000);

/** The bytes with one of the things done to them that disks, networks and editors do. */
export function mutate(bytes: Uint8Array, rng: Rng): Uint8Array {
  const [kind, at, length, value] = [...rng.uniforms(4)] as [number, number, number, number];
  const from = Math.floor(at * bytes.length);
  const count = 1 + Math.floor(length * Math.min(64, bytes.length - from));
  const out = Uint8Array.from(bytes);
  switch (Math.floor(kind * 6)) {
    case 0: // one bit
      out[from]! ^= 1 << Math.floor(value * 8);
      return out;
    case 1: // one byte
      out[from] = Math.floor(value * 256);
      return out;
    case 2: // a hole
      return out.fill(0, from, from + count);
    case 3: // the end is lost
      return out.subarray(0, from);
    case 4: // a piece is lost
      return Uint8Array.from([...out.subarray(0, from), ...out.subarray(from + count)]);
    default: // a piece comes twice
      return Uint8Array.from([...out.subarray(0, from + count), ...out.subarray(from)]);
  }
}
