import { readFile } from 'node:fs/promises';
import type { LoadHook, ResolveHook } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { eraseFile } from '../compiler/erase.js';
import { NO_OPTIONS, type ProjectOptions } from '../project/project-options.js';
import { facade, jsonModule } from './facade.js';
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

/** `import x = require(…)` of an ES module; on a line of its own, which the map leaves out. */
const REQUIRES = /\bimport\s+[\w$]+\s*=\s*require\s*\(/;
const REQUIRE = "import { createRequire as $create } from 'node:module'; const require = $create(import.meta.url);\n";

const esModule = (file: string, url: string, text: string): string => {
  const { code, map } = eraseFile(file, text, options);
  const requires = REQUIRES.test(text);
  const mappings = `${requires ? ';' : ''}${map.mappings}`;
  const inline = Buffer.from(JSON.stringify({ ...map, mappings, sources: [url] })).toString('base64');
  return `${requires ? REQUIRE : ''}${code}\n//# sourceMappingURL=data:application/json;base64,${inline}\n`;
};

export const load: LoadHook = async (url, context, next) => {
  if (!url.startsWith('file:')) return next(url, context);
  const file = pathOf(url);
  // With the attribute that Node asks for, it is Node's; TypeScript does not always ask for one.
  const json = file.endsWith('.json') && context.importAttributes.type === undefined && isOurs(file);
  if (!json && !TYPESCRIPT.test(file)) return next(url, context);
  const text = await readFile(file, 'utf8');
  const find = (specifier: string, from: string) => foundFrom(from, specifier, options);
  const commonJs = !json && isCommonJs(file, text);
  const source = json
    ? jsonModule(file, text)
    : commonJs
      ? facade(file, options.interop, find)
      : esModule(file, url, text);
  return { format: 'module', source, shortCircuit: true };
};
