import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** @throws where the SHA-256 differs, naming whose bytes they are, what was found and what was expected. */
export function checkBytes(bytes: Uint8Array, sha256: string, name: string, wayOut: string): Uint8Array {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found === sha256) return bytes;
  throw new Error(`${name}: SHA-256 ${found} found, ${sha256} expected (${bytes.byteLength} bytes); ${wayOut}`);
}

/**
 * Reads a file whose content is known in advance, or unpacks `name.gz` where that lies there instead.
 * @throws where it is missing or its SHA-256 differs, naming the file, what was expected and what was found.
 */
export function readChecked(path: string, sha256: string, wayOut: string): Uint8Array {
  const packed = `${path}.gz`;
  const read = existsSync(path) || !existsSync(packed) ? path : packed;
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(read);
    if (read === packed) bytes = gunzipSync(bytes);
  } catch (error) {
    throw new Error(`${read}: cannot be read (${(error as NodeJS.ErrnoException).code}); ${wayOut}`);
  }
  return checkBytes(bytes, sha256, read, wayOut);
}
