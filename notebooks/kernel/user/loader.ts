import { readFile } from 'node:fs/promises';
import type { LoadHook, ResolveHook } from 'node:module';
import { dirname, resolve as join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { eraseFile } from '../compiler/erase.js';
import { isRelative, sourceFile } from '../project/project.js';

/** Hooks of Node's module loader: TypeScript files of the project, imported as the JavaScript they stand for. */
const TYPESCRIPT = /\.(?:ts|mts|tsx)$/;

/** A file of the project, or of a package that is written in TypeScript. */
const isOurs = (url: string | undefined): url is string =>
  url?.startsWith('file:') === true && (!url.includes('/node_modules/') || TYPESCRIPT.test(url.replace(/\?.*$/, '')));

/** Files under a reloaded one are reloaded with it: they inherit its version. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const parent = context.parentURL;
  if (!isOurs(parent) || !isRelative(specifier)) return next(specifier, context);
  const { search } = new URL(parent);
  const found = sourceFile(join(dirname(fileURLToPath(parent.replace(/\?.*$/, ''))), specifier));
  if (!found) return next(specifier, context);
  const url = pathToFileURL(found).href + search;
  return TYPESCRIPT.test(found) ? { url, format: 'module', shortCircuit: true } : next(url, context);
};

export const load: LoadHook = async (url, context, next) => {
  const path = url.replace(/\?.*$/, '');
  if (!path.startsWith('file:') || !TYPESCRIPT.test(path)) return next(url, context);
  const file = fileURLToPath(path);
  const { code, map } = eraseFile(file, await readFile(file, 'utf8'));
  const inline = Buffer.from(JSON.stringify({ ...map, sources: [url] })).toString('base64');
  const source = `${code}\n//# sourceMappingURL=data:application/json;base64,${inline}\n`;
  return { format: 'module', source, shortCircuit: true };
};
