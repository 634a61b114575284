import { isBuiltin } from 'node:module';
import { dirname, resolve } from 'node:path';
import { isRelative, sourceFile } from '../project/project.js';
import { mappedFile, type ProjectOptions } from '../project/project-options.js';

export const TYPESCRIPT = /\.(?:ts|mts|cts|tsx)$/;

/** A file of the project, or of a package that is written in TypeScript. */
export const isOurs = (file: string): boolean => !file.includes('/node_modules/') || TYPESCRIPT.test(file);

/** The file that a specifier means in a file of ours, where Node would not find it or would find another one. */
export const foundFrom = (file: string, specifier: string, options: ProjectOptions): string | undefined => {
  if (isRelative(specifier)) return sourceFile(resolve(dirname(file), specifier));
  if (isBuiltin(specifier) || file.includes('/node_modules/')) return undefined;
  return mappedFile(options, specifier);
};
