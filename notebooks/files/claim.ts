import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { makeFolder } from './folder.js';

/** A path that no other living process has. */
export interface Claim {
  readonly path: string;
  release(): void;
}

/** What `run` returns, or undefined where it fails with this code. */
function unless<R>(code: string, run: () => R): R | undefined {
  try {
    return run();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== code) throw error;
    return undefined;
  }
}

const read = (path: string): string | undefined => unless('ENOENT', () => readFileSync(path, 'utf8'));

/** A process, told apart on Linux from a later one with the same number by when it began. */
function nameOf(pid: number): string {
  const stat = read(`/proc/${pid}/stat`);
  return `${pid} ${stat?.slice(stat.lastIndexOf(')')).split(' ')[20] ?? ''}`.trim();
}

function lives(owner: string): boolean {
  const pid = Number.parseInt(owner, 10);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false; // EPERM: it is somebody else's
  }
  return nameOf(pid) === owner;
}

/** Creates the lock together with its content, so that nobody ever reads half of it. */
function take(lock: string): boolean {
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, nameOf(process.pid));
  const taken = unless('EEXIST', () => {
    linkSync(draft, lock);
    return true;
  });
  rmSync(draft);
  return taken ?? false;
}

/** Takes a dead owner's lock away; one that another process has put there meanwhile goes back. */
function bury(lock: string, owner: string): void {
  const aside = `${lock}.${process.pid}`;
  unless('ENOENT', () => renameSync(lock, aside));
  if ((read(aside) ?? owner) !== owner) unless('EEXIST', () => linkSync(aside, lock));
  rmSync(aside, { force: true });
}

/** @param again whether what this process has already counts as claimed */
function claimed(lock: string, again: boolean): boolean {
  for (;;) {
    if (take(lock)) return true;
    const owner = read(lock);
    if (owner === nameOf(process.pid)) return again;
    if (owner === undefined) continue;
    if (lives(owner)) return false;
    bury(lock, owner);
  }
}

const claimOf = (path: string, lock: string): Claim => ({
  path,
  release: () => {
    if (read(lock) === nameOf(process.pid)) rmSync(lock, { force: true });
  },
});

/**
 * Claims this path for the process, or where another living process has it `name-2.ext`, and so on. A lock file beside
 * it names the owner; the lock of a process that has ended counts for nothing.
 */
export function claim(path: string): Claim {
  makeFolder(dirname(path));
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? path : `${stem}-${n}${extension}`;
    const lock = `${candidate}.lock`;
    if (claimed(lock, true)) return claimOf(candidate, lock);
  }
}

/** Claims this path for one caller alone; undefined where another one has it, be it in this process or in another. */
export function claimAlone(path: string): Claim | undefined {
  makeFolder(dirname(path));
  const lock = `${path}.lock`;
  return claimed(lock, false) ? claimOf(path, lock) : undefined;
}
