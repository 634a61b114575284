import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { child, type Node, text, walk } from '../../compiler/ast.js';
import { isRelative } from '../../project/project.js';
import type { Fault, Look } from './problem.js';

interface Manifest {
  readonly name?: string;
  readonly [list: string]: unknown;
}

const LISTS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** What the package.json files of a folder and of those above it name; undefined where there is none. */
const listed = (folder: string): Set<string> | undefined => {
  const file = join(folder, 'package.json');
  const above = dirname(folder) === folder ? undefined : listed(dirname(folder));
  if (!existsSync(file)) return above;
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  const names = LISTS.flatMap(list => Object.keys((manifest[list] ?? {}) as object));
  return new Set([...names, ...(manifest.name ? [manifest.name] : []), ...(above ?? [])]);
};

const packageOf = (specifier: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;

/** `imports` of a package.json mean no packages; the kernel has a tslab of its own. */
const isPackage = (specifier: string): boolean =>
  specifier !== '' &&
  specifier !== 'tslab' &&
  !isBuiltin(specifier) &&
  !isRelative(specifier) &&
  !isAbsolute(specifier) &&
  !/^(?:#|\w+:)/.test(specifier);

/** One that is not there at all is a type error, and what `paths` of a tsconfig.json leads elsewhere is there. */
const isInstalled = (folder: string, name: string): boolean =>
  existsSync(join(folder, 'node_modules', name)) || (dirname(folder) !== folder && isInstalled(dirname(folder), name));

/**
 * Packages that are there only because another one needs them: an update of that one may take them away.
 * @param folder of the notebook
 */
export const packages = (folder: string): Look => {
  const names = listed(folder);
  const missing = (specifier: string): string | undefined => {
    if (!names || !isPackage(specifier)) return undefined;
    const name = packageOf(specifier);
    const types = `@types/${name.replace(/^@(.*)\//, '$1__')}`;
    return names.has(name) || names.has(types) || !isInstalled(folder, name) ? undefined : name;
  };
  return ({ cells }) =>
    new Map(
      cells.map(looked => {
        const faults: Fault[] = [];
        walk(looked.checked.program, node => {
          const source = sourceOf(node);
          const name = source && missing(text(source, 'value'));
          if (source && name) {
            const { start, end } = source;
            faults.push({ rule: 'package', message: `no package.json names ${name}: npm install ${name}`, start, end });
          }
          return undefined;
        });
        return [looked, faults];
      }),
    );
};

const sourceOf = (node: Node): Node | undefined =>
  /^(?:Import(?:Declaration|Expression)|Export\w+Declaration)$/.test(node.type) ? child(node, 'source') : undefined;
