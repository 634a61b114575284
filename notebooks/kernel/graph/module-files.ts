import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { isRelative, type Project, resolveRelative, sourceFile } from '../project/project.js';
import { mappedFile, type ProjectOptions } from '../project/project-options.js';

/** The files of the project behind the modules that cells import, and when they were edited. */
export interface ModuleFiles {
  /** Finds out which files these modules are made of, unless that is known. */
  look(modules: readonly string[]): void;
  /** As far as they have been looked at. */
  of(modules: readonly string[]): string[];
  /** Files of these modules that were edited after this time, as far as they have been looked at. */
  edited(modules: readonly string[], since: number): string[];
  /** The same of all modules, if these have any file of the project: they share instances with the others. */
  editedAny(modules: readonly string[], since: number): string | undefined;
  /** All have been loaded as they are: also those that come from a machine whose clock is ahead. */
  loaded(): void;
  /** The cells are about to be judged: files are asked for their times once more. */
  refresh(): void;
}

const SPECIFIER = /\b(?:from|import|require)\s*\(?\s*['"]([^'"\n]+)['"]/g;

export const createModuleFiles = (project: Project, options: () => ProjectOptions | undefined): ModuleFiles => {
  /** Files that a file imports, as it was at a time. */
  const known = new Map<string, { readonly modified: number; readonly imports: readonly string[] }>();
  const roots = new Map<string, readonly string[]>();
  const times = new Map<string, number>();
  const asLoaded = new Map<string, number>();

  const modified = (file: string): number => {
    const found = times.get(file) ?? statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    times.set(file, found);
    return found;
  };
  const isEdited = (file: string, since: number) => modified(file) > since && modified(file) !== asLoaded.get(file);
  const mapped = (specifier: string) => {
    const given = options();
    return given && mappedFile(given, specifier);
  };
  const ofCell = (specifier: string): string | undefined => {
    if (isAbsolute(specifier)) return sourceFile(specifier);
    return isRelative(specifier) ? resolveRelative(project, specifier) : mapped(specifier);
  };
  const importsOf = (file: string): readonly string[] => {
    const at = modified(file);
    const found = known.get(file);
    if (found?.modified === at) return found.imports;
    const imports = specifiersIn(file).flatMap(specifier => {
      const path = isRelative(specifier) ? sourceFile(resolve(dirname(file), specifier)) : mapped(specifier);
      return path !== undefined && !path.includes('/node_modules/') ? [path] : [];
    });
    known.set(file, { modified: at, imports });
    return imports;
  };
  const filesOf = (specifier: string): string[] => {
    const first = ofCell(specifier);
    const found = first === undefined || first.includes('/node_modules/') ? [] : [first];
    for (const file of found) for (const each of importsOf(file)) if (!found.includes(each)) found.push(each);
    return found;
  };
  const filesOfAll = (modules: readonly string[]) => modules.flatMap(each => roots.get(each) ?? []);
  return {
    look(modules) {
      for (const each of modules) roots.set(each, filesOf(each));
    },
    of: filesOfAll,
    edited: (modules, since) => [...new Set(filesOfAll(modules).filter(file => isEdited(file, since)))],
    editedAny: (modules, since) =>
      modules.some(each => (roots.get(each) ?? []).length > 0)
        ? [...roots.values()].flat().find(file => isEdited(file, since))
        : undefined,
    loaded() {
      for (const file of [...roots.values()].flat()) asLoaded.set(file, modified(file));
    },
    refresh() {
      times.clear();
      for (const files of roots.values()) files.forEach(modified);
    },
  };
};

const specifiersIn = (file: string): string[] => {
  try {
    return [...readFileSync(file, 'utf8').matchAll(SPECIFIER)].map(([, specifier]) => specifier!);
  } catch {
    return [];
  }
};
