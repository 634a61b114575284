import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * Reads a file whose content is known in advance.
 * @throws where it is missing or its SHA-256 differs, naming the file, what was expected and what was found.
 */
export function readChecked(path: string, sha256: string, wayOut: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new Error(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code}); ${wayOut}`);
  }
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found === sha256) return bytes;
  throw new Error(`${path}: SHA-256 ${found} found, ${sha256} expected (${bytes.byteLength} bytes); ${wayOut}`);
}
