import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What may see a fault in a file of lib, the nearest first: tests, which take a second or two, then notebooks. */
export interface Nearest {
  readonly tests: readonly string[];
  readonly notebooks: readonly string[];
}

/** A text, the files it imports, and what else it calls by name. */
interface Source {
  readonly file: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const filesBelow = (folder: string, end: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith(end))
    .map(name => join(folder, name))
    .sort();

const importsOf = (file: string, text: string): string[] =>
  [...text.matchAll(/from '(\.[^']+)\.js'/g)].map(([, path]) => join(dirname(file), `${path}.ts`));

const sourceOf = (file: string): Source => {
  const text = readFileSync(file, 'utf8');
  return { file, text, imports: importsOf(file, text) };
};

/** A test with the lists and oracles that it reads. */
const testSource = (file: string): Source => {
  const own = sourceOf(file);
  const read = own.imports.filter(path => path.startsWith('test/')).map(sourceOf);
  const all = [own, ...read];
  return { file, text: all.map(({ text }) => text).join('\n'), imports: all.flatMap(({ imports }) => imports) };
};

/** The code of a notebook, whose relative imports start at the root. */
const notebookSource = (file: string): Source => {
  const { cells } = JSON.parse(readFileSync(file, 'utf8')) as {
    cells: { cell_type: string; source: string | string[] }[];
  };
  const text = cells.map(cell => (cell.cell_type === 'code' ? [cell.source].flat().join('') : '')).join('\n');
  return { file, text, imports: importsOf('root.ts', text) };
};

const EXPORTED = /^export (?:const|function\*?|class) (\w+)/gm;

/** What copies the library itself, and notebooks that train on images for minutes. */
const LEFT_OUT = /lib\/(copy|browser|rooms)\.test\.ts$|notebooks\/(19|20)-/;

/**
 * Where a fault in a file would show, found by imports: the test that mirrors the file, those that import it or call what
 * it exports, those of the files that import it, and so on outwards; the notebooks in the same way.
 */
export const nearestTo = (): ((file: string) => Nearest) => {
  const library = filesBelow('lib', '.ts').map(sourceOf);
  const tests = filesBelow('test/lib', '.test.ts')
    .filter(file => !LEFT_OUT.test(file))
    .map(testSource);
  const notebooks = filesBelow('notebooks', '.ipynb')
    .filter(file => !LEFT_OUT.test(file))
    .map(notebookSource);

  /** How often a source calls something of these files. */
  const mentions = (source: Source, files: readonly Source[]): number => {
    const names = files.flatMap(({ text }) => [...text.matchAll(EXPORTED)].map(([, name]) => name!));
    const direct = files.filter(({ file }) => source.imports.includes(file)).length;
    const called = names.filter(name => new RegExp(`\\b${name}\\b`).test(source.text)).length;
    return direct * 100 + called;
  };
  const ranked = (sources: readonly Source[], files: readonly Source[]): string[] =>
    sources
      .map(source => ({ file: source.file, score: mentions(source, files) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score || (a.file < b.file ? -1 : 1))
      .map(({ file }) => file);

  return file => {
    const found = { tests: new Map<string, number>(), notebooks: new Map<string, number>() };
    const add = (places: Map<string, number>, name: string, distance: number): void => {
      const near = dirname(name) === join('test/lib', dirname(file)) ? 2 : 0; // tests of the same room
      if (!places.has(name)) places.set(name, distance - near);
    };
    const seen = new Set<string>();
    let level = library.filter(source => source.file === join('lib', file));
    for (let distance = 0; level.length > 0 && distance < 6; distance++) {
      for (const source of level) {
        seen.add(source.file);
        const mirror = join('test', source.file.replace(/\.ts$/, '.test.ts'));
        if (existsSync(mirror)) add(found.tests, mirror, distance - 1);
      }
      for (const test of ranked(tests, level)) add(found.tests, test, distance);
      for (const notebook of ranked(notebooks, level)) add(found.notebooks, notebook, distance);
      const names = new Set(level.map(source => source.file));
      level = library.filter(
        source => !seen.has(source.file) && !source.file.endsWith('index.ts') && source.imports.some(i => names.has(i)),
      );
    }
    const first = (places: Map<string, number>, n: number): string[] =>
      [...places]
        .sort(([, a], [, b]) => a - b)
        .slice(0, n)
        .map(([name]) => name);
    return { tests: first(found.tests, 4), notebooks: first(found.notebooks, 1) };
  };
};
