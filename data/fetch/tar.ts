const BLOCK = 512;
const REGULAR = new Set(['0', '\0', '']);

const text = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('utf8');
};

/** A number in octal digits. NaN where there is none. */
const octal = (bytes: Uint8Array): number => {
  const digits = text(bytes).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
};

/** The sum of a header's bytes, with spaces where the sum itself stands. */
const sumOf = (header: Uint8Array): number =>
  header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);

/**
 * The regular files of a tar archive by name, as views of its bytes. Names longer than 255 bytes are none of ours.
 * @throws where the archive is damaged, naming it and the place.
 */
export function readTar(bytes: Uint8Array, archive: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let at = 0;
  while (at + BLOCK <= bytes.length && bytes[at] !== 0) {
    const header = bytes.subarray(at, at + BLOCK);
    const [size, sum] = [octal(header.subarray(124, 136)), octal(header.subarray(148, 156))];
    if (sum !== sumOf(header) || Number.isNaN(size)) {
      throw new Error(`${archive}: no header of a tar archive found at byte ${at}, one expected`);
    }
    const start = at + BLOCK;
    if (start + size > bytes.length) {
      throw new Error(`${archive}: truncated: ${bytes.length} bytes found, ${start + size} expected`);
    }
    const prefix = text(header.subarray(257, 263)) === 'ustar' ? text(header.subarray(345, 500)) : '';
    const name = text(header.subarray(0, 100));
    if (REGULAR.has(text(header.subarray(156, 157)))) {
      files.set(prefix === '' ? name : `${prefix}/${name}`, bytes.subarray(start, start + size));
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
