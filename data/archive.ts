import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type Archive,
  type Decoded,
  decodeSafetensors,
  encodeSafetensors,
  type Hash,
} from '../lib/train/safetensors.js';
import { writeAtomic } from '../notebooks/files/atomic.js';

const hash: Hash = (...parts) => parts.reduce((h, part) => h.update(part), createHash('sha256')).digest('hex');

/** A .safetensors file as bytes, with the hash of its contents. */
export const encodeArchive = (archive: Archive): Uint8Array => encodeSafetensors(archive, hash);

/** @throws where the bytes are no such file, or damaged. */
export const decodeArchive = (bytes: Uint8Array): Decoded => decodeSafetensors(bytes, hash);

/** Writes a .safetensors file, or leaves the old one whole: a run that is cut off while writing loses nothing. */
export function saveArchive(path: string, archive: Archive): void {
  writeAtomic(path, encodeArchive(archive));
}

/**
 * Reads a .safetensors file; undefined where there is none. `checked` tells whether it carried the hash of its contents:
 * files of other programs do not, and damage in their numbers goes unnoticed.
 * @throws where the file is damaged, naming it.
 */
export function loadArchive(path: string): Decoded | undefined {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return decodeArchive(bytes);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}; remove the file to start afresh`);
  }
}
