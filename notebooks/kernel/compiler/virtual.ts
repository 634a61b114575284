import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../project/project.js';
import { ambient } from './ambient.js';

/**
 * The virtual files that the checker sees. In the notebook's directory, so that relative imports mean the same:
 *   tsnb.imports.mts    re-exports everything that cells have imported
 * and in a directory of their own, whose package.json makes ES modules of them (in a file called .mts,
 * TypeScript refuses `<T>(x: T) => x`):
 *   cell<n>.ts          one module a cell, from a pool of slots
 *   globals.d.ts        what every cell finds without importing it
 *   cells.ts            gathers imports and cells
 *   all.ts              gives these one name, which is all that a cell's module imports
 *   base.json           the project's options, with what cells need otherwise
 * A cell's list of imports therefore never changes, and TypeScript updates one file instead of the program:
 * 5–12 ms instead of 60 once tfjs is loaded. The one name comes through a file of its own: of `import * as …`,
 * TypeScript would find out with each cell what every cell is.
 */
export interface Layout {
  readonly directory: string;
  readonly package: string;
  readonly config: string;
  readonly base: string;
  readonly imports: string;
  readonly cells: string;
  readonly all: string;
  readonly globals: string;
  /** @param jsx of a cell that has some: another file, in which `<T>x` is no cast. */
  slot(index: number, jsx?: boolean): string;
}

/** The name under which a cell's module sees all others; no cell may use it. */
export const SCOPE = '$tsnb';
export const EMPTY_SLOT = `import { ${SCOPE} } from './all.js';\n`;
const ALL = `export * as ${SCOPE} from './cells.js';\n`;

export const layout = ({ notebook }: Project): Layout => {
  const directory = join(notebook, '.tsnb');
  return {
    directory,
    package: join(directory, 'package.json'),
    config: join(directory, 'tsconfig.json'),
    base: join(directory, 'base.json'),
    imports: join(notebook, 'tsnb.imports.mts'),
    cells: join(directory, 'cells.ts'),
    all: join(directory, 'all.ts'),
    globals: join(directory, 'globals.d.ts'),
    slot: (index, jsx = false) => join(directory, `cell${index}.${jsx ? 'tsx' : 'ts'}`),
  };
};

export const cellsText = (slots: number): string =>
  [
    "export * as imports from '../tsnb.imports.mjs';",
    ...Array.from({ length: slots }, (_, index) => `export * as cell${index} from './cell${index}.js';`),
  ].join('\n');

/** Every file, as it is before the first cell. */
export const initialFiles = (project: Project, slots: number): Map<string, string> => {
  const paths = layout(project);
  const files = new Map([
    [paths.package, '{ "type": "module" }'],
    [paths.config, configText(paths, slots)],
    [paths.base, baseText(project)],
    [paths.imports, 'export {};\n'],
    [paths.cells, cellsText(slots)],
    [paths.all, ALL],
    [paths.globals, ambient(project)],
  ]);
  for (let slot = 0; slot < slots; slot++) files.set(paths.slot(slot), EMPTY_SLOT);
  return files;
};

/** What a cell cannot satisfy, or what changes the meaning of the modules that we write around it. */
const OVERRIDES = {
  noEmit: true,
  composite: false,
  incremental: false,
  declaration: false,
  declarationMap: false,
  isolatedModules: false,
  isolatedDeclarations: false,
  verbatimModuleSyntax: false,
  erasableSyntaxOnly: false,
  allowImportingTsExtensions: true,
  noUnusedLocals: false,
  noUnusedParameters: false,
  skipLibCheck: true,
};

/** Without a tsconfig.json: strict, modules as Node sees them, and JavaScript gives the types that can be read from it. */
const DEFAULTS = {
  strict: true,
  target: 'ES2022',
  lib: ['ES2023'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  resolveJsonModule: true,
  allowJs: true,
  maxNodeModuleJsDepth: 1,
};

/** The project's tsconfig.json, extended. @param adaptations what follows from its options. */
export const baseText = (project: Project, adaptations: object = {}): string => {
  const tsconfig = join(project.root, 'tsconfig.json');
  const own = existsSync(tsconfig);
  return JSON.stringify({
    ...(own ? { extends: tsconfig } : {}),
    compilerOptions: { ...(own ? {} : DEFAULTS), ...OVERRIDES, ...adaptations },
    include: [],
    files: ['./globals.d.ts'],
  });
};

export const configText = (paths: Layout, slots: number): string => {
  const files = [paths.globals, paths.all, ...Array.from({ length: slots }, (_, index) => paths.slot(index))];
  return JSON.stringify({ extends: './base.json', include: [], files });
};
