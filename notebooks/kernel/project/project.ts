import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** Where a notebook lives, and the project around it. */
export interface Project {
  /** The notebook's own directory: the kernel's working directory at its start. */
  readonly notebook: string;
  /** The nearest directory upward that holds a tsconfig.json or package.json; the notebook's own without one. */
  readonly root: string;
}

export const findProject = (notebook: string): Project => {
  const marked = (file: string) => {
    for (let at = notebook; ; at = dirname(at)) {
      if (existsSync(join(at, file))) return at;
      if (at === dirname(at)) return undefined;
    }
  };
  return { notebook, root: marked('tsconfig.json') ?? marked('package.json') ?? notebook };
};

export const isRelative = (specifier: string): boolean => /^\.\.?(\/|$)/.test(specifier);

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** TypeScript's files are imported by the names of the JavaScript that they would become. */
const SOURCES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\.js$/, ['.ts', '.tsx']],
  [/\.mjs$/, ['.mts']],
  [/\.cjs$/, ['.cts']],
  [/\.jsx$/, ['.tsx']],
];

/** What an import may leave out, as TypeScript tries it. */
const UNSAID = ['.ts', '.tsx', '.js', '.jsx', '/index.ts', '/index.tsx', '/index.js', '/index.jsx'];

/** The file that a path in an import means, or undefined: itself, its TypeScript source, or an index. */
export const sourceFile = (path: string): string | undefined => {
  if (isFile(path)) return path;
  for (const [ending, sources] of SOURCES) {
    const found = ending.test(path) ? sources.map(each => path.replace(ending, each)).find(isFile) : undefined;
    if (found) return found;
  }
  return UNSAID.map(each => path + each).find(isFile);
};

/** A relative import of a cell means the notebook's directory and, where nothing is found there, the root's. */
export const resolveRelative = (project: Project, specifier: string): string | undefined =>
  sourceFile(resolve(project.notebook, specifier)) ?? sourceFile(resolve(project.root, specifier));

/** The specifier as seen from the notebook's directory: another text only where it was found from the root. */
export const fromNotebook = (project: Project, specifier: string): string => {
  if (!isRelative(specifier) || sourceFile(resolve(project.notebook, specifier))) return specifier;
  if (!sourceFile(resolve(project.root, specifier))) return specifier;
  const path = relative(project.notebook, resolve(project.root, specifier)).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
};
