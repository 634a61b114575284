import { readFileSync } from 'node:fs';
import { type Archive, decodeSafetensors, encodeSafetensors } from '../lib/train/safetensors.js';
import { writeAtomic } from '../notebooks/files/atomic.js';

/** Writes a .safetensors file, or leaves the old one whole: a run that is cut off while writing loses nothing. */
export function saveArchive(path: string, archive: Archive): void {
  writeAtomic(path, encodeSafetensors(archive));
}

/**
 * Reads a .safetensors file; undefined where there is none.
 * @throws where the file is damaged, naming it.
 */
export function loadArchive(path: string): Archive | undefined {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return decodeSafetensors(bytes);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}; remove the file to start afresh`);
  }
}
