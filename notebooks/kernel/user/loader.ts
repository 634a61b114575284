import { readFile } from 'node:fs/promises';
import type { LoadHook, ResolveHook } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { eraseFile } from '../compiler/erase.js';
import { NO_OPTIONS, type ProjectOptions } from '../project/project-options.js';
import { facade } from './facade.js';
import { isCommonJs } from './format.js';
import { foundFrom, isOurs, TYPESCRIPT } from './found.js';

// Hooks of Node's module loader: TypeScript files of the project, imported as the JavaScript they stand for.

let options = NO_OPTIONS;

export const initialize = (given: ProjectOptions): void => {
  options = given;
};

const pathOf = (url: string): string => fileURLToPath(url.replace(/\?.*$/, ''));

/** Files under a reloaded one are reloaded with it: they inherit its version. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const parent = context.parentURL;
  if (!parent?.startsWith('file:') || !isOurs(pathOf(parent))) return next(specifier, context);
  const found = foundFrom(pathOf(parent), specifier, options);
  if (!found) return next(specifier, context);
  const url = pathToFileURL(found).href + new URL(parent).search;
  return TYPESCRIPT.test(found) ? { url, format: 'module', shortCircuit: true } : next(url, context);
};

export const load: LoadHook = async (url, context, next) => {
  if (!url.startsWith('file:') || !TYPESCRIPT.test(pathOf(url))) return next(url, context);
  const file = pathOf(url);
  const text = await readFile(file, 'utf8');
  if (isCommonJs(file, text)) {
    const source = facade(file, options.interop, (specifier, from) => foundFrom(from, specifier, options));
    return { format: 'module', source, shortCircuit: true };
  }
  const { code, map } = eraseFile(file, text, options);
  const inline = Buffer.from(JSON.stringify({ ...map, sources: [url] })).toString('base64');
  const source = `${code}\n//# sourceMappingURL=data:application/json;base64,${inline}\n`;
  return { format: 'module', source, shortCircuit: true };
};
