import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './folder.js';

/**
 * Writes a file, or leaves the old one whole: a run that is cut off while writing loses nothing.
 * @param mode who may read and write it
 */
export function writeAtomic(path: string, content: string | Uint8Array, mode?: number): void {
  makeFolder(dirname(path));
  const partial = `${path}.${process.pid}.partial`;
  try {
    writeFileSync(partial, content, mode === undefined ? {} : { mode });
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}
