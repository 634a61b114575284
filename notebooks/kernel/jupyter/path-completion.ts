import { type Dirent, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { OpenString } from './string-at.js';

/** What the last part of a path may be: a folder ends in `/`. */
export interface PathCompletion {
  /** Where that part begins in the string. */
  readonly from: number;
  readonly names: readonly string[];
}

/** @param directories where a relative path may begin. */
export const completePath = ({ text, module }: OpenString, directories: readonly string[]): PathCompletion => {
  const from = text.lastIndexOf('/') + 1;
  const folder = text.slice(0, from);
  // Another specifier is a package, which TypeScript knows.
  if (module && !/^\.{0,2}\//.test(folder)) return { from, names: [] };
  const found = directories.flatMap(directory => entries(resolve(directory, folder.replace(/^~(?=\/)/, homedir()))));
  const hidden = text.startsWith('.', from);
  const names = found
    .filter(({ name }) => hidden || !name.startsWith('.'))
    .flatMap(entry => (entry.isDirectory() ? [`${entry.name}/`] : module ? imported(entry.name) : [entry.name]));
  return { from, names: [...new Set(names)].sort() };
};

/** As an import names the file: TypeScript by the JavaScript that it becomes. */
const imported = (name: string): string[] => {
  if (/\.d\.[cm]?ts$/.test(name)) return [];
  const source = /\.([cm]?)tsx?$/;
  if (source.test(name)) return [name.replace(source, '.$1js')];
  return /\.(?:[cm]?jsx?|json|node)$/.test(name) ? [name] : [];
};

const entries = (directory: string): Dirent[] => {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
};
