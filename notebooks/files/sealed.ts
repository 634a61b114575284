import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeAtomic } from './atomic.js';

const SEAL_BYTES = 32;

const seal = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** What `writeSealed` has written; undefined where there is no file, or one that is damaged. */
export const readSealed = (path: string): Buffer | undefined => {
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  const content = bytes.subarray(SEAL_BYTES);
  return seal(content).equals(bytes.subarray(0, SEAL_BYTES)) ? content : undefined;
};

/** Writes a file that begins with the SHA-256 of the rest. */
export const writeSealed = (path: string, content: Uint8Array): void =>
  writeAtomic(path, Buffer.concat([seal(content), content]));
