import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Project } from '../project/project.js';
import type { Checker } from './checker.js';
import { placeOf } from './pieces.js';

/** Type errors in files of the project that cells have imported: they run all the same, so each is told once. */
export interface FileFaults {
  /** Of the files that have come since it was asked last. */
  found(): string[];
  /** Files have changed: all are looked at again, and what is told already is not told again. */
  again(): void;
}

/** What a reader takes in at once. */
const MOST = 5;

export const createFileFaults = ({ root }: Project, checker: Checker): FileFaults => {
  let known = new Set<string>();
  const told = new Set<string>();

  /** A file that the project's own tsconfig.json is for. */
  const isOwn = (file: string): boolean => {
    if (!file.startsWith(`${root}${sep}`) || !/\.[mc]?tsx?$/.test(file) || /\.d\.[mc]?ts$/.test(file)) return false;
    if (/\/(?:node_modules|\.tsnb)\/|\/tsnb\.imports\.mts$/.test(file)) return false;
    for (let at = dirname(file); at !== root; at = dirname(at)) {
      if (existsSync(join(at, 'tsconfig.json'))) return false;
    }
    return true;
  };

  const faultsOf = (file: string): string[] => {
    const findings = checker.diagnose(file);
    if (findings.length === 0) return [];
    const source = readFileSync(file, 'utf8');
    return findings.map(({ code, message, start }) => {
      const { line, column } = placeOf(source, start);
      return `${relative(root, file)}:${line}:${column} - TS${code}: ${message}`;
    });
  };

  return {
    found() {
      const fresh = checker.files().filter(file => !known.has(file));
      known = new Set([...known, ...fresh]);
      const faults = fresh.filter(isOwn).flatMap(faultsOf);
      const news = faults.filter(each => !told.has(each));
      for (const each of news) told.add(each);
      const more = news.length > MOST ? [`and ${news.length - MOST} more`] : [];
      return [...news.slice(0, MOST), ...more];
    },
    again() {
      known = new Set();
    },
  };
};
