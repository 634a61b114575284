import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../../files/atomic.js';

/** Programs that are kept; those that were not asked for the longest go first. */
const MOST = 200;

/** Compiled programs on disk, by all that they depend on. */
export interface Cache {
  read(parts: readonly (string | Uint8Array)[]): Uint8Array | undefined;
  write(parts: readonly (string | Uint8Array)[], program: Uint8Array): void;
  remove(parts: readonly (string | Uint8Array)[]): void;
}

const nameOf = (parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length} `).update(part);
  return hash.digest('hex');
};

const prune = (folder: string): void => {
  const files = readdirSync(folder).map(name => ({
    path: join(folder, name),
    at: statSync(join(folder, name)).mtimeMs,
  }));
  for (const { path } of files.sort((a, b) => b.at - a.at).slice(MOST)) rmSync(path, { force: true });
};

/**
 * What is kept begins with the SHA-256 of the rest, since a plugin may not survive a damaged program.
 * @param folder made when something is first kept
 */
export const programCache = (folder: string): Cache => {
  const pathOf = (parts: readonly (string | Uint8Array)[]) => join(folder, nameOf(parts));
  const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
  return {
    read: parts => {
      const path = pathOf(parts);
      if (!existsSync(path)) return undefined;
      const file = readFileSync(path);
      const program = file.subarray(32);
      if (!sum(program).equals(file.subarray(0, 32))) return undefined;
      utimesSync(path, new Date(), new Date());
      return program;
    },
    write: (parts, program) => {
      writeAtomic(pathOf(parts), Buffer.concat([sum(program), program]));
      prune(folder);
    },
    remove: parts => rmSync(pathOf(parts), { force: true }),
  };
};
