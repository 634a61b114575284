import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space',
  EDQUOT: 'your share of the disk is used up: free some space',
  EROFS: 'the file system is read-only: make it writable',
  EACCES: 'make the folder writable',
  EPERM: 'make the folder writable',
  EEXIST: 'a file lies where its folder should be: move it away',
  ENOTDIR: 'a file lies where its folder should be: move it away',
};

/** What an error means for somebody who wants the file: what the system refused, and the way out. */
export function explain(error: unknown): string {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return message;
  return `cannot be written (${code}); ${remedies[code] ?? `${syscall} failed`}, or choose another folder`;
}

/** The size of a file, 0 where there is none. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

/** The SHA-256 of a file, which is read in pieces. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest('hex');
}
