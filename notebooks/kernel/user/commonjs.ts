import { readFileSync } from 'node:fs';
import { Module } from 'node:module';
import { toCommonJs } from '../compiler/lower.js';
import { isRelative, type Project, resolveRelative } from '../project/project.js';
import type { ProjectOptions } from '../project/project-options.js';
import { foundFrom, isOurs } from './found.js';

/** What Node's loader of CommonJS has for those who change it, as tsx and others do; its types leave it out. */
interface Loader {
  _resolveFilename(request: string, parent?: Parent, ...rest: unknown[]): string;
  readonly _extensions: Record<string, (module: Compiled, file: string) => void>;
  readonly _cache: Record<string, { readonly exports: unknown } | undefined>;
}

interface Parent {
  readonly filename?: string | null;
}

interface Compiled {
  _compile(code: string, file: string): void;
}

const loader = Module as unknown as Loader;

/**
 * Makes `require`, of cells and of the project's files, find TypeScript and load it.
 * @param cellFile what cells go by: their paths are relative to the notebook, or to the project's root.
 */
export const requireTypeScript = (project: Project, cellFile: string, options: () => ProjectOptions): void => {
  const found = (request: string, from: string): string | undefined => {
    const ofCell = from === cellFile && isRelative(request);
    return ofCell ? resolveRelative(project, request) : foundFrom(from, request, options());
  };
  const resolve = loader._resolveFilename;
  loader._resolveFilename = function (request, parent, ...rest) {
    const from = parent?.filename;
    const file = from && isOurs(from) ? found(request, from) : undefined;
    return file ?? resolve.call(this, request, parent, ...rest);
  };
  for (const ending of ['.ts', '.cts', '.mts', '.tsx']) {
    loader._extensions[ending] = (module, file) =>
      module._compile(toCommonJs(file, readFileSync(file, 'utf8'), options()), file);
  }
};

/** What `require` has loaded from this file. */
export const required = (file: string): { readonly exports: unknown } | undefined => loader._cache[file];

/** Files of the project are read again by the next `require`. */
export const forgetRequired = (): void => {
  for (const file of Object.keys(loader._cache)) {
    if (/\.(?:[cm]?[jt]sx?|json)$/.test(file) && !file.includes('/node_modules/')) delete loader._cache[file];
  }
};
