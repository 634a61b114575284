import { resolve } from 'node:path';
import { sourceFile } from './project.js';

/** What of the project's tsconfig.json has a say in how its code runs. */
export interface ProjectOptions {
  /** Whether decorators are those before the standard. */
  readonly experimentalDecorators: boolean;
  /** Whether fields of classes are defined, as the standard has it, and not assigned. */
  readonly useDefineForClassFields: boolean;
  /** Whether the default of a CommonJS module that came from TypeScript is its `default`, as bundlers have it. */
  readonly interop: boolean;
  /** `paths`: the first rule that fits counts. */
  readonly paths: readonly PathRule[];
  /** undefined where the project knows no JSX. */
  readonly jsx?: Jsx;
}

export interface PathRule {
  /** With at most one `*`. */
  readonly pattern: string;
  /** Absolute paths, with a `*` for what that of the pattern stands for; the first that is a file counts. */
  readonly targets: readonly string[];
}

export interface Jsx {
  readonly runtime: 'automatic' | 'classic';
  readonly importSource?: string;
  readonly factory?: string;
  readonly fragment?: string;
}

export const NO_OPTIONS: ProjectOptions = {
  experimentalDecorators: false,
  useDefineForClassFields: true,
  interop: false,
  paths: [],
};

/** What the `*` of a pattern stands for in this specifier: '' where the pattern has none. */
const matched = (pattern: string, specifier: string): string | undefined => {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return specifier === pattern ? '' : undefined;
  const fits = specifier.length >= before.length + after.length;
  if (!fits || !specifier.startsWith(before) || !specifier.endsWith(after)) return undefined;
  return specifier.slice(before.length, specifier.length - after.length);
};

/** In TypeScript's order: a pattern without a star first, then the one with the longest text before it. */
export const orderedRules = (rules: readonly PathRule[]): PathRule[] => {
  const rank = ({ pattern }: PathRule) => (pattern.includes('*') ? pattern.indexOf('*') : Number.POSITIVE_INFINITY);
  return [...rules].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
};

/** The file that a specifier means by `paths`, or undefined: also where they name a declaration, which is for types alone. */
export const mappedFile = ({ paths }: ProjectOptions, specifier: string): string | undefined => {
  for (const { pattern, targets } of paths) {
    const star = matched(pattern, specifier);
    if (star === undefined) continue;
    const file = targets.map(target => sourceFile(resolve(target.replace('*', () => star)))).find(Boolean);
    if (file !== undefined) return /\.d\.[mc]?ts$/.test(file) ? undefined : file;
  }
  return undefined;
};
