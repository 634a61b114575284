import { existsSync } from 'node:fs';
import { register } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isRelative, type Project, resolveRelative } from '../project.js';

/** Imports of cells: relative to the notebook or the project's root, TypeScript files included. */
export interface Modules {
  /** @param names the bindings that the cell takes out of the module. */
  import(specifier: unknown, options?: ImportCallOptions, names?: readonly string[]): Promise<unknown>;
  /** Loads a project file and all project files under it anew, as they are on disk now. */
  reload(specifier: string): Promise<unknown>;
}

/** The TypeScript loader is registered with the first local file: most cells do without. */
export const createModules = (project: Project, loader: URL): Modules => {
  const parent = pathToFileURL(join(project.notebook, 'cell.mts')).href;
  const generations = new Map<string, number>();
  let generation = 0;
  let registered = false;
  const useLoader = () => {
    if (!registered) register(loader.href);
    registered = true;
  };
  const local = (specifier: string): string => {
    const path = isAbsolute(specifier) ? specifier : resolveRelative(project, specifier);
    if (!path || !existsSync(path)) {
      throw new Error(`no module ${specifier}, neither from ${project.notebook} nor from ${project.root}`);
    }
    useLoader();
    const url = pathToFileURL(path).href;
    const version = generations.get(url);
    return version === undefined ? url : `${url}?v=${version}`;
  };
  const resolve = (specifier: string): string => {
    if (isRelative(specifier) || isAbsolute(specifier)) return local(specifier);
    try {
      return import.meta.resolve(specifier, parent);
    } catch (error) {
      // Used from another project, the kernel's own dependencies (tslab's display, say) still resolve.
      try {
        return import.meta.resolve(specifier);
      } catch {
        throw error;
      }
    }
  };
  return {
    async import(specifier, options, names = []) {
      const module = (await import(resolve(String(specifier)), options)) as Record<string, unknown>;
      return completed(module, names);
    },
    async reload(specifier) {
      const url = local(specifier).replace(/\?v=\d+$/, '');
      generations.set(url, ++generation);
      return import(`${url}?v=${generation}`);
    },
  };
};

/**
 * Node finds the named exports of a CommonJS module by reading its text, and misses those that are computed.
 * TypeScript believes in them, so they are taken from the default export.
 */
const completed = (module: Record<string, unknown>, names: readonly string[]): unknown => {
  const whole = module.default as Record<string, unknown> | null | undefined;
  const object = (typeof whole === 'object' && whole !== null) || typeof whole === 'function';
  if (!object || !('module.exports' in module || '__esModule' in module)) return module;
  const missing = Object.keys(whole).filter(key => !(key in module));
  if (missing.length === 0 || (names.length > 0 && names.every(name => name in module))) return module;
  const merged: Record<string, unknown> = Object.create(null);
  for (const key of missing) Object.defineProperty(merged, key, { get: () => whole[key], enumerable: true });
  for (const key of Object.keys(module)) {
    Object.defineProperty(merged, key, { get: () => module[key], enumerable: true });
  }
  return merged;
};
