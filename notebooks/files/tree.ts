import { createHash } from 'node:crypto';
import { type Dirent, existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isPartial } from './atomic.js';

/** What tools keep for themselves, and caches, whose files follow from what else is here. */
const ASIDE: ReadonlySet<string> = new Set([
  '.git',
  '.hg',
  '.svn',
  '.cache',
  '.build',
  '.ipynb_checkpoints',
  '__pycache__',
]);
const PACKAGES = 'node_modules';

/** What an earlier run has written, wherever it was told to. */
const REPORT = ['index.html', 'results.json', 'history.jsonl'];

/** Larger files are known by size and times. */
const READ_BYTES = 1 << 20;
/** A folder with more entries than this is no project that anybody would wait for. */
const MOST_ENTRIES = 100_000;

/** More files than can be looked at in time: nothing can be said about them. */
export class TooMany extends Error {}

export interface Digest {
  say(...words: readonly unknown[]): void;
  /** A file by its content. */
  file(path: string): void;
  /** All files below a directory, and what its links lead to; each place counts once. */
  tree(path: string, leaveOut?: (path: string) => boolean): void;
  /** What a directory holds: its files by content, its directories by times. */
  list(path: string): void;
  hex(): string;
  /** The file that changed last, of those looked at, and when: ms since 1970. */
  newest(): { readonly path: string; readonly ms: number };
}

/** A directory that is left out of a tree. */
export const isAside = (path: string): boolean => ASIDE.has(basename(path)) || existsSync(join(path, 'pyvenv.cfg'));

/** A path below such a directory of the project. */
export const isInAside = (path: string, root: string): boolean => {
  for (let at = path; at.startsWith(join(root, '/')); at = dirname(at)) if (isAside(at)) return true;
  return false;
};

const entriesOf = (path: string): Dirent[] => {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
};

/** A digest of files, in which every change of one shows: by content, and in packages by size and times. */
export const createDigest = (): Digest => {
  const hash = createHash('sha256');
  const seen = new Set<string>();
  let entries = 0;
  let newest = { path: '', ms: 0 };
  const note = (path: string, ms = 0): void => {
    if (ms > newest.ms) newest = { path, ms };
  };
  const say: Digest['say'] = (...words) => void hash.update(`${JSON.stringify(words)}\n`);
  const times = (path: string): void => {
    const { size, mtimeMs, ctimeMs, ino, nlink = 0 } = lstatSync(path, { throwIfNoEntry: false }) ?? {};
    note(path, ctimeMs);
    // The change time tells of an edit that hides; of a file with several names, also that another one came or went.
    say(path, size, mtimeMs, ino, nlink === 1 && ctimeMs);
  };
  const file: Digest['file'] = path => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found?.isFile() || found.size > READ_BYTES) return times(path);
    note(path, found.ctimeMs);
    try {
      say(path, createHash('sha256').update(readFileSync(path)).digest('hex'));
    } catch {
      times(path);
    }
  };
  const visit = (path: string, packages: boolean, leaveOut: (path: string) => boolean): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const found = entriesOf(path);
    const report = REPORT.every(name => found.some(entry => entry.name === name));
    for (const entry of found) {
      const at = join(path, entry.name);
      if (leaveOut(at) || isPartial(at) || (report && REPORT.includes(entry.name))) continue;
      if (++entries > MOST_ENTRIES) throw new TooMany(`more than ${MOST_ENTRIES} files below ${path}`);
      if (entry.isSymbolicLink()) followed(at, leaveOut);
      else if (entry.isDirectory()) {
        if (packages || !isAside(at)) visit(at, packages || entry.name === PACKAGES, leaveOut);
      } else if (packages) times(at);
      else file(at);
    }
  };
  /** A link's aim: a package of the workspace may be anywhere. */
  const followed = (link: string, leaveOut: (path: string) => boolean): void => {
    const aim = existsSync(link) ? realpathSync(link) : undefined;
    say(link, aim);
    if (aim === undefined || leaveOut(aim)) return;
    if (statSync(aim).isDirectory()) visit(aim, `${aim}/`.includes(`/${PACKAGES}/`), leaveOut);
    else file(aim);
  };
  return {
    say,
    file,
    tree: (path, leaveOut = () => false) => visit(path, path.endsWith(PACKAGES), leaveOut),
    list: path => {
      for (const { name } of entriesOf(path)) file(join(path, name));
    },
    hex: () => hash.digest('hex').slice(0, 32),
    newest: () => newest,
  };
};
