import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { writeAtomic } from '../../files/atomic.js';
import { findProject, type Project, resolveRelative, sourceFile } from '../project/project.js';
import { isCode, type Notebook, tagsOf } from './record/nbformat.js';
import type { Loaded, NotebookRun } from './record/result-types.js';

/** Runs that need not be repeated, kept by everything that they depend on. */
export interface Memory {
  recall(loaded: Loaded): Promise<NotebookRun | undefined>;
  keep(loaded: Loaded, run: NotebookRun): Promise<void>;
}

export interface Surroundings {
  /** The kernel's package. */
  readonly home: string;
  readonly command: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
}

const SPECIFIER = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g;

const specifiers = (source: string): string[] => [...source.matchAll(SPECIFIER)].map(([, path]) => path!);

const projectOf = ({ file }: Loaded): Project => findProject(dirname(resolve(file)));

/** All modules of the project that the cells import, directly or not. */
const modules = (project: Project, notebook: Notebook): string[] => {
  const found = new Set<string>();
  const visit = (path: string | undefined): void => {
    if (path === undefined || found.has(path)) return;
    found.add(path);
    for (const each of specifiers(readFileSync(path, 'utf8'))) visit(sourceFile(resolve(dirname(path), each)));
  };
  for (const { source } of notebook.cells.filter(isCode)) {
    for (const each of specifiers(source)) visit(resolveRelative(project, each));
  }
  return [...found].sort();
};

/** Files outside the notebook's imports that decide how cells run: what is installed, and the kernel itself. */
const machinery = (home: string, { root }: Project): string[] => {
  const kernel = join(home, existsSync(join(home, 'dist')) ? 'dist' : 'notebooks/kernel');
  const sources = existsSync(kernel) ? readdirSync(kernel, { recursive: true, encoding: 'utf8' }) : [];
  return [
    ...['package-lock.json', 'tsconfig.json'].map(name => join(root, name)).filter(path => existsSync(path)),
    ...sources.filter(name => /\.[tj]s$/.test(name) && !name.startsWith('runner')).map(name => join(kernel, name)),
  ].sort();
};

const keyOf = (loaded: Loaded, { home, command, parameters }: Surroundings): string => {
  const { notebook } = loaded;
  const project = projectOf(loaded);
  const hash = createHash('sha256');
  const say = (...words: readonly unknown[]) => hash.update(`${JSON.stringify(words)}\n`);
  say(
    'cells',
    notebook.cells.filter(isCode).map(cell => [cell.source, tagsOf(cell)]),
  );
  say('environment', command, parameters, process.version, process.platform, process.arch);
  for (const path of [...machinery(home, project), ...modules(project, notebook)])
    say(path, readFileSync(path, 'utf8'));
  return hash.digest('hex').slice(0, 32);
};

/** A notebook's outputs come back by position; its text may have changed meanwhile, and is taken as it now is. */
const refreshed = (run: NotebookRun, { file, notebook }: Loaded): NotebookRun => {
  const outputs = run.notebook.cells.filter(isCode).map(cell => cell.outputs);
  let next = 0;
  const indices: number[] = [];
  const cells = notebook.cells.map((cell, index) => {
    if (!isCode(cell)) return cell;
    if (cell.source.trim() !== '') indices.push(index);
    return { ...cell, outputs: outputs[next++] ?? [] };
  });
  return {
    ...run,
    file,
    started: new Date(run.started),
    notebook: { ...notebook, cells },
    cells: run.cells.map((cell, i) => ({ ...cell, index: indices[i]! })),
    reused: true,
  };
};

/** Remembers successful runs in the project's cache. Data that a notebook reads while it runs is not in the key. */
export const createMemory = (surroundings: Surroundings): Memory => {
  const path = (loaded: Loaded): string =>
    join(projectOf(loaded).root, '.cache', 'runs', `${keyOf(loaded, surroundings)}.json`);
  return {
    async recall(loaded) {
      const at = path(loaded);
      if (!existsSync(at)) return undefined;
      return refreshed(JSON.parse(await readFile(at, 'utf8')) as NotebookRun, loaded);
    },
    async keep(loaded, run) {
      if (run.status === 'ok' && !run.reused) writeAtomic(path(loaded), JSON.stringify(run));
    },
  };
};
