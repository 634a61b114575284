import { register } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isRelative, type Project, resolveRelative } from '../project/project.js';

type Namespace = Record<string, unknown>;

/** Sets a cell's variables to what a newer version of their module exports, unless the cell has changed them. */
type Renew = (now: Namespace, before: Namespace) => void;

/** Imports of cells: relative to the notebook or the project's root, TypeScript files included. */
export interface Modules {
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
      register(loader.href);
      registered = true;
    }
    return url;
  };
  const versioned = (url: string) => (generation === 0 ? url : `${url}?v=${generation}`);

  const resolve = (specifier: string): string => {
    if (isRelative(specifier) || isAbsolute(specifier)) return versioned(local(specifier));
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
    async import(specifier, options, names = [], renew) {
      const url = resolve(String(specifier));
      const namespace = completed(await load(url, options), names);
      if (renew && isRelative(String(specifier))) bound.set(renew, { url: url.replace(/\?v=\d+$/, ''), namespace });
      return namespace;
    },
    async reload(specifier) {
      generation++;
      for (const [renew, entry] of bound) {
        const namespace = await load(versioned(entry.url));
        renew(namespace, entry.namespace);
        entry.namespace = namespace;
      }
      return specifier === undefined ? undefined : load(resolve(specifier));
    },
  };
};

/**
 * Node finds the named exports of a CommonJS module by reading its text, and misses those that are computed.
 * TypeScript believes in them, so they are taken from the default export.
 */
const completed = (module: Namespace, names: readonly string[]): Namespace => {
  const whole = module.default as Namespace | null | undefined;
  const object = (typeof whole === 'object' && whole !== null) || typeof whole === 'function';
  if (!object || !('module.exports' in module || '__esModule' in module)) return module;
  const missing = Object.keys(whole).filter(key => !(key in module));
  if (missing.length === 0 || (names.length > 0 && names.every(name => name in module))) return module;
  const merged: Namespace = Object.create(null);
  for (const key of missing) Object.defineProperty(merged, key, { get: () => whole[key], enumerable: true });
  for (const key of Object.keys(module)) {
    Object.defineProperty(merged, key, { get: () => module[key], enumerable: true });
  }
  return merged;
};
