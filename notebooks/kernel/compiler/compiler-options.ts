import { resolve } from 'node:path';
import { type CompilerOptions as Known, ModuleKind } from 'typescript/unstable/sync';
import { type Jsx, orderedRules, type PathRule, type ProjectOptions } from '../project/project-options.js';

/** With what TypeScript tells beside: where `paths` begin, and an option that it no longer has. */
export interface CompilerOptions extends Known {
  readonly baseUrl?: string;
  readonly pathsBasePath?: string;
  readonly configFilePath?: string;
}

/** As TypeScript numbers them. */
const ES2022 = 9;
const JSX_CLASSIC = 3;

/** Whether modules are what Node takes them for, by package.json and by the ending of a file. */
const asNode = ({ module }: CompilerOptions): boolean =>
  module !== undefined && module >= ModuleKind.Node16 && module <= ModuleKind.NodeNext;

/** Of old projects: modules in which nobody may await or say import.meta at the top level, as every cell may. */
const isOld = ({ module }: CompilerOptions): boolean => module !== undefined && module < ModuleKind.ES2022;

/**
 * What the cells' program sets beside, or instead of, what the project says. Cells run in Node whatever the project
 * is for: as modules that may await, in the JavaScript of today, and with the names of the browser only where `lib`
 * asks for them. `baseUrl`, which TypeScript 7 has given up, is kept as a rule of `paths`.
 */
export const adapted = (options: CompilerOptions): object => {
  const { target, lib, baseUrl } = options;
  const recent = target === undefined || target > ES2022;
  return {
    ...(isOld(options) ? { module: 'Preserve', moduleResolution: 'Bundler' } : {}),
    ...(target !== undefined && target < ES2022 ? { target: 'ES2022', useDefineForClassFields: defines(options) } : {}),
    ...(lib === undefined ? { lib: [recent ? 'ESNext' : 'ES2022'] } : {}),
    ...(baseUrl === undefined ? {} : { baseUrl: null, paths: asRecord(rules(options)) }),
  };
};

const defines = ({ useDefineForClassFields, target = ES2022 }: CompilerOptions): boolean =>
  useDefineForClassFields ?? target >= ES2022;

const asRecord = (paths: readonly PathRule[]) =>
  Object.fromEntries(paths.map(({ pattern, targets }) => [pattern, targets]));

const rules = ({ paths = {}, baseUrl, pathsBasePath, configFilePath }: CompilerOptions): PathRule[] => {
  const base = baseUrl ?? pathsBasePath ?? resolve(configFilePath ?? '.', '..');
  const own = Object.entries(paths);
  const found = own.map(([pattern, targets]) => ({ pattern, targets: targets.map(each => resolve(base, each)) }));
  const any = found.some(({ pattern }) => pattern === '*');
  return orderedRules(baseUrl === undefined || any ? found : [...found, { pattern: '*', targets: [`${base}/*`] }]);
};

/** What the processes that run the project's code are told. */
export const projectOptions = (options: CompilerOptions): ProjectOptions => ({
  experimentalDecorators: options.experimentalDecorators === true,
  useDefineForClassFields: defines(options),
  interop: !asNode(options),
  paths: rules(options),
  ...(options.jsx ? { jsx: jsxOf(options) } : {}),
});

const jsxOf = ({ jsx, jsxImportSource, jsxFactory, jsxFragmentFactory }: CompilerOptions): Jsx => ({
  runtime: jsx === JSX_CLASSIC ? 'classic' : 'automatic',
  ...(jsxImportSource ? { importSource: jsxImportSource } : {}),
  ...(jsxFactory ? { factory: jsxFactory } : {}),
  ...(jsxFragmentFactory ? { fragment: jsxFragmentFactory } : {}),
});

/** What classic JSX calls: names that the text of a cell means without a mention. */
export const jsxNames = ({ jsx }: ProjectOptions): string[] => {
  if (jsx?.runtime !== 'classic') return [];
  const { factory = 'React', fragment = 'React' } = jsx;
  return [factory, fragment].map(each => each.replace(/\..*/, ''));
};
