import { createHash } from 'node:crypto';
import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { readSealed, writeSealed } from '../../files/sealed.js';

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
 * Sealed, since a plugin may not survive a damaged program.
 * @param folder made when something is first kept
 */
export const programCache = (folder: string): Cache => {
  const pathOf = (parts: readonly (string | Uint8Array)[]) => join(folder, nameOf(parts));
  return {
    read: parts => {
      const path = pathOf(parts);
      const program = readSealed(path);
      if (program) utimesSync(path, new Date(), new Date());
      return program;
    },
    write: (parts, program) => {
      writeSealed(pathOf(parts), program);
      prune(folder);
    },
    remove: parts => rmSync(pathOf(parts), { force: true }),
  };
};
