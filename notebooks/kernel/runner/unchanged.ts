import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { writeAtomic } from '../../files/atomic.js';
import { machine } from '../../files/machine.js';
import { createDigest, TooMany } from '../../files/tree.js';
import { variables } from '../../files/variables.js';
import { findProject, type Project } from '../project/project.js';
import { namedBy, packageFolders, projectFolders } from './dependencies.js';
import { isCode, isSkipped, isTodo, tagsOf } from './record/nbformat.js';
import type { Loaded, NotebookRun } from './record/result-types.js';
import { isPartial } from './record/results.js';

/** Runs that need not be repeated, kept by everything that they depend on. */
export interface Memory {
  recall(loaded: Loaded): Promise<NotebookRun | undefined>;
  keep(loaded: Loaded, run: NotebookRun): Promise<void>;
}

export interface Surroundings {
  /** The kernel's package. */
  readonly home: string;
  readonly command: readonly string[];
  /** Variables that the run sets, */
  readonly variables: Readonly<Record<string, string>>;
  /** and the environment around them. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Files that the run itself writes. */
  readonly written?: readonly string[];
}

const projectOf = ({ file }: Loaded): Project => findProject(dirname(resolve(file)));

/**
 * Everything that the run may depend on: its code, its surroundings, all files of the project and of the packages, and
 * what the code names elsewhere. Undefined where that cannot be known, and the notebook has to run.
 */
const keyOf = (loaded: Loaded, surroundings: Surroundings): string | undefined => {
  const { file, source = file, notebook } = loaded;
  const { home, command, variables: set, env = process.env, written = [] } = surroundings;
  const project = projectOf(loaded);
  const named = namedBy(project, notebook, home);
  if (named.beyond) return undefined;
  const digest = createDigest();
  digest.say(
    'cells',
    notebook.cells.filter(isCode).map(cell => [cell.source, tagsOf(cell)]),
  );
  const { told, files } = variables({ ...env, ...set });
  digest.say('environment', command, set, told, ...machine());
  const own = new Set([resolve(source), ...written.map(path => resolve(path))]);
  const leaveOut = (path: string) => own.has(path) || (!named.notebooks && path.endsWith('.ipynb'));
  try {
    for (const path of [...named.paths, ...files, ...command.filter(part => isAbsolute(part))]) {
      if (own.has(path)) continue;
      if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) digest.file(path);
      // The project is looked at as a whole below.
      else if (path !== project.root) digest.list(path);
    }
    for (const path of named.modules) digest.file(path);
    for (const path of [...projectFolders(project.root), project.notebook, ...packageFolders(project.notebook), home]) {
      digest.tree(path, leaveOut);
    }
  } catch (error) {
    if (error instanceof TooMany) return undefined;
    throw error;
  }
  return digest.hex();
};

/** A notebook's outputs come back by position; its text may have changed meanwhile, and is taken as it now is. */
const refreshed = (run: NotebookRun, { file, notebook }: Loaded): NotebookRun => {
  const outputs = run.notebook.cells.filter(isCode).map(cell => cell.outputs);
  const { language_info } = run.notebook.metadata;
  let next = 0;
  const indices: number[] = [];
  const cells = notebook.cells.map((cell, index) => {
    if (!isCode(cell)) return cell;
    if (isTodo(cell)) indices.push(index);
    const kept = outputs[next++] ?? [];
    return isSkipped(cell) ? cell : { ...cell, outputs: kept };
  });
  return {
    ...run,
    file,
    started: new Date(run.started),
    notebook: { ...notebook, cells, metadata: { ...notebook.metadata, ...(language_info ? { language_info } : {}) } },
    cells: run.cells.map((cell, i) => ({ ...cell, index: indices[i]! })),
    reused: true,
  };
};

const read = async (path: string): Promise<NotebookRun | undefined> => {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as NotebookRun;
  } catch {
    return undefined;
  }
};

/** Remembers successful runs in the project's cache, but for those that left something out. */
export const createMemory = (surroundings: Surroundings): Memory => {
  const path = (loaded: Loaded, key: string): string => join(projectOf(loaded).root, '.cache', 'runs', `${key}.json`);
  /** The keys before the runs: what changes meanwhile, by the run itself or by somebody, leaves it in doubt. */
  const before = new Map<string, string | undefined>();
  return {
    async recall(loaded) {
      const key = keyOf(loaded, surroundings);
      before.set(loaded.file, key);
      const run = key && (await read(path(loaded, key)));
      return run ? refreshed(run, loaded) : undefined;
    },
    async keep(loaded, run) {
      if (run.status !== 'ok' || run.reused || isPartial(run.notebook)) return;
      const key = keyOf(loaded, surroundings);
      const steady = !before.has(loaded.file) || before.get(loaded.file) === key;
      if (!key || !steady) return;
      try {
        writeAtomic(path(loaded, key), JSON.stringify(run));
      } catch (error) {
        // What cannot be remembered runs again: a full disk, a project that may only be read.
        console.error(`not remembered for --changed: ${(error as Error).message}`);
      }
    },
  };
};
