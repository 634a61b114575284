import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isAside, isInAside } from '../../files/tree.js';
import { type Project, resolveRelative, sourceFile } from '../project/project.js';
import { isCode, type Notebook } from './record/nbformat.js';

/** What the cells of a notebook name in their text. */
export interface Named {
  /** The modules that they load by relative paths, directly or not, wherever these are. */
  readonly modules: readonly string[];
  /** Files and directories that a string of theirs, or of such a module, names. */
  readonly paths: readonly string[];
  /** Other notebooks may be data of this one. */
  readonly notebooks: boolean;
  /** What no look at files can tell: the network, other programs, folders that the system names, caches as a whole. */
  readonly beyond: boolean;
}

const SPECIFIER = /(?:\bfrom|\bimport|\brequire\w*|\bload\w*)\s*\(?\s*['"`](\.{1,2}\/[^'"`]+)['"`]/g;
const STRING = /'([^'\n]{1,400})'|"([^"\n]{1,400})"|`([^`$\n]{1,400})`/g;
/** `'a', 'b'`, as they are handed to `join`. */
const STRINGS = /(?:'[^'\n]{1,200}'|"[^"\n]{1,200}")(?:\s*,\s*(?:'[^'\n]{1,200}'|"[^"\n]{1,200}"))+/g;
const NETWORK =
  /\bfetch\s*\(|\b(?:XMLHttpRequest|WebSocket|EventSource|homedir|tmpdir)\b|['"](?:node:)?(?:https?|http2|net|tls|dgram|dns)(?:\/\w+)?['"]/;
const PROGRAMS = /['"](?:node:)?(?:child_process|cluster|zx)['"]/;
/** The line of a module that brings nothing but what a checksum in the project's sources settles. */
const PINNED = /^\/\/ tsnb: pinned\b/m;

/** Types are gone when the code runs. */
const TYPES = /^import type\b[^;]*;/gm;

const found = (source: string, pattern: RegExp): string[] =>
  [...source.matchAll(pattern)].map(groups => groups.slice(1).find(each => each !== undefined) ?? '');

/** The paths that strings in a row make: one string, the first two, and so on. */
const joined = (source: string): string[] =>
  [...source.matchAll(STRINGS)].flatMap(([row]) => {
    const parts = found(row, STRING);
    return parts.slice(1).map((_, i) => parts.slice(0, i + 2).join('/'));
  });

/** What a string may name: a lone separator or dot is punctuation. */
const existing = (text: string, folders: readonly string[]): string[] => {
  if (!/[/.]/.test(text) || /^[/.\s]*$/.test(text) || text.includes('\0')) return [];
  const path = text.startsWith('file://') ? decodeURI(text.slice(7)) : text;
  return [...new Set(folders.map(folder => resolve(folder, path)))].filter(each => existsSync(each));
};

/**
 * Reads off the cells, and the modules they load, what they depend on.
 * @param home the kernel's package, whose own modules ask other programs about nothing but the machine.
 */
export const namedBy = (project: Project, notebook: Notebook, home: string): Named => {
  const modules = new Set<string>();
  const paths = new Set<string>();
  const folders = [project.notebook, project.root];
  let beyond = false;
  const isOwn = (path: string): boolean => path.startsWith(join(home, '/'));
  const take = (source: string, places: readonly string[], { pinned = false, own = false } = {}): void => {
    for (const text of [...found(source, STRING), ...joined(source)]) {
      for (const path of existing(text, places)) {
        // What is in a cache follows from the rest, but for what is read from there by a name that only the run knows.
        if (isAside(path)) beyond ||= !pinned && !own;
        else if (!pinned || !isInAside(path, project.root)) paths.add(path);
      }
    }
  };
  const visit = (path: string | undefined): void => {
    if (path === undefined || modules.has(path)) return;
    modules.add(path);
    const source = readFileSync(path, 'utf8');
    const pinned = PINNED.test(source);
    take(source, [dirname(path), ...folders], { pinned, own: isOwn(path) });
    const runs = source.replace(TYPES, '');
    beyond ||= !pinned && (NETWORK.test(runs) || (PROGRAMS.test(runs) && !isOwn(path)));
    for (const each of found(source, SPECIFIER)) visit(sourceFile(resolve(dirname(path), each)));
  };
  const sources = notebook.cells.filter(isCode).map(({ source }) => source);
  for (const source of sources) {
    take(source, folders);
    beyond ||= NETWORK.test(source) || PROGRAMS.test(source);
    for (const each of found(source, SPECIFIER)) visit(resolveRelative(project, each));
  }
  return {
    modules: [...modules].sort(),
    paths: [...paths].sort(),
    notebooks: sources.some(source => found(source, STRING).some(text => isPattern(text, folders))),
    beyond,
  };
};

const isPattern = (text: string, folders: readonly string[]): boolean =>
  text.endsWith('.ipynb') && existing(text, folders).length === 0;

/** The project, and the repository around it: packages of a workspace load each other's sources. */
export const projectFolders = (root: string): string[] => {
  const repository = (at: string): string[] => {
    if (existsSync(join(at, '.git'))) return [at];
    return dirname(at) === at ? [] : repository(dirname(at));
  };
  return [root, ...repository(root)];
};

/** Every directory of packages that code in a folder can load from. */
export const packageFolders = (folder: string): string[] => {
  const at = join(folder, 'node_modules');
  const up = dirname(folder) === folder ? [] : packageFolders(dirname(folder));
  return existsSync(at) ? [at, ...up] : up;
};
