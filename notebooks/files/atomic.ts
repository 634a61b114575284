import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './folder.js';

/** What a process that was killed while it wrote has left beside a file: nobody reads it. */
export const isPartial = (path: string): boolean => /\.\d+\.partial$/.test(path);

const FULL: readonly unknown[] = ['ENOSPC', 'EDQUOT'];

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
    const { code } = error as NodeJS.ErrnoException;
    // Node's own message has no path.
    if (FULL.includes(code)) throw new Error(`${path} cannot be written (${code}): free some space`, { cause: error });
    throw error;
  }
}
