import { isBuiltin, register } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ImportedName } from '../link/protocol.js';
import { isRelative, type Project, resolveRelative } from '../project/project.js';
import { mappedFile, NO_OPTIONS, type ProjectOptions } from '../project/project-options.js';
import { forgetRequired, required } from './commonjs.js';

type Namespace = Record<string, unknown>;

/** Sets a cell's variables to what a newer version of their module exports, unless the cell has changed them. */
type Renew = (now: Namespace, before: Namespace) => void;

/** Imports of cells: relative to the notebook or the project's root, by `paths`, TypeScript files included. */
export interface Modules {
  /** What the compiler has found out for the cell that runs next. */
  configure(options: ProjectOptions, types: readonly ImportedName[]): void;
  options(): ProjectOptions;
  /** The URL that a specifier means, as for import. */
  resolve(specifier: string): string;
  /** @param names the bindings that the cell takes out of the module. */
  import(specifier: unknown, options?: ImportCallOptions, names?: readonly string[], renew?: Renew): Promise<Namespace>;
  /** Loads all project files that cells have imported anew, as they are on disk now; returns the one asked for. */
  reload(specifier?: string): Promise<Namespace | undefined>;
}

export interface ModuleParts {
  readonly project: Project;
  /** Hooks for TypeScript files: most cells do without. */
  readonly loader: URL;
  /** The module that stands in for tslab where it is not installed. */
  readonly tslab: string;
}

export const createModules = ({ project, loader, tslab }: ModuleParts): Modules => {
  const parent = pathToFileURL(join(project.notebook, 'cell.mts')).href;
  const bound = new Map<Renew, { readonly url: string; namespace: Namespace }>();
  let generation = 0;
  let registered = false;
  let options = NO_OPTIONS;
  let types: readonly ImportedName[] = [];

  const local = (specifier: string): string => {
    const path = isAbsolute(specifier) ? specifier : resolveRelative(project, specifier);
    if (!path) {
      throw new Error(`no module ${specifier}, neither from ${project.notebook} nor from ${project.root}`);
    }
    return pathToFileURL(path).href;
  };
  /** The loader is registered with the first file of the project, or of a package that is written in TypeScript. */
  const prepared = (url: string): string => {
    const wanted = url.startsWith('file:') && (!url.includes('/node_modules/') || /\.[mc]?tsx?(\?|$)/.test(url));
    if (wanted && !registered) {
      register(loader.href, { data: options });
      registered = true;
    }
    return url;
  };
  const versioned = (url: string) => (generation === 0 ? url : `${url}?v=${generation}`);

  const resolve = (specifier: string): string => {
    if (isRelative(specifier) || isAbsolute(specifier)) return versioned(local(specifier));
    const mapped = isBuiltin(specifier) ? undefined : mappedFile(options, specifier);
    if (mapped !== undefined) return versioned(pathToFileURL(mapped).href);
    try {
      return import.meta.resolve(specifier, parent);
    } catch (error) {
      if (specifier === 'tslab') return tslab;
      throw error;
    }
  };

  const load = async (url: string, options?: ImportCallOptions): Promise<Namespace> =>
    (await import(prepared(url), options)) as Namespace;

  return {
    configure(given, names) {
      options = given;
      types = names;
    },
    options: () => options,
    resolve: specifier => resolve(specifier).replace(/\?v=\d+$/, ''),
    async import(specifier, attributes, names = [], renew) {
      const from = String(specifier);
      const url = resolve(from);
      const namespace = completed(await load(url, attributes), url, names, options.interop);
      const absent = names.filter(name => !(name in namespace));
      const gone = absent.find(name => !types.some(each => each.specifier === from && each.name === name));
      if (gone !== undefined) throw new SyntaxError(`${from} has no export named ${gone}, whatever its types say`);
      if (renew && isProjects(url)) bound.set(renew, { url: url.replace(/\?v=\d+$/, ''), namespace });
      return namespace;
    },
    async reload(specifier) {
      generation++;
      forgetRequired();
      for (const [renew, entry] of bound) {
        const url = versioned(entry.url);
        const namespace = completed(await load(url), url, [], options.interop);
        renew(namespace, entry.namespace);
        entry.namespace = namespace;
      }
      return specifier === undefined ? undefined : load(resolve(specifier));
    },
  };
};

const isProjects = (url: string): boolean => url.startsWith('file:') && !url.includes('/node_modules/');

/** `module.exports` of a CommonJS module, where this is one. */
const whole = (module: Namespace, url: string): unknown => {
  if ('module.exports' in module) return module['module.exports'];
  return url.startsWith('file:') ? required(fileURLToPath(url.replace(/\?.*$/, '')))?.exports : undefined;
};

/**
 * Node finds the named exports of a CommonJS module by reading its text, and misses those that are computed.
 * TypeScript believes in them, so they are taken from `module.exports`; and so is the default, where the project
 * means that of the ES module which it was once.
 */
const completed = (module: Namespace, url: string, names: readonly string[], interop: boolean): Namespace => {
  const exported = whole(module, url) as Namespace | null | undefined;
  if (exported === null || (typeof exported !== 'object' && typeof exported !== 'function')) return module;
  const missing = Object.keys(exported).filter(key => !(key in module));
  const other = interop && exported.__esModule === true && 'default' in exported;
  const enough = missing.length === 0 || (names.length > 0 && names.every(name => name in module));
  if (enough && !other) return module;
  const merged: Namespace = Object.create(null);
  const take = (from: Namespace, keys: readonly string[]) => {
    for (const key of keys) Object.defineProperty(merged, key, { get: () => from[key], enumerable: true });
  };
  take(exported, other ? ['default', ...missing] : missing);
  take(
    module,
    Object.keys(module).filter(key => !other || key !== 'default'),
  );
  return merged;
};
