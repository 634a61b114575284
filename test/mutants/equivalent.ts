import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Mutant, mutantsOf } from './rules.js';

/** A fault that changes nothing that could be seen, and why. */
export interface Equivalent {
  readonly rule: string;
  /** From lib/. */
  readonly file: string;
  readonly right: string;
  /** Part of the line on which it stands, where the file has the same text more than once. */
  readonly on?: string;
  readonly because: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    rule: 'term dropped',
    file: 'exact/condition.ts',
    right: 'dot(residual, solved) + logDeterminant(s) + value.length * Math.log(2 * Math.PI)',
    because: 'the constant is the same for every component, whose weights are relative',
  },
  { rule: 'end of a range', file: 'metrics/frechet.ts', right: 'l < k', because: 'the diagonal is copied onto itself' },
  {
    rule: 'end of a range',
    file: 'metrics/ks.ts',
    right: 'i < x.length',
    on: 'x[i] === value',
    because: 'beyond the last sample stands undefined, which equals no value',
  },
  {
    rule: 'end of a range',
    file: 'metrics/wasserstein.ts',
    right: 'b <= next + 1e-15',
    because: 'the slack is there for rounding errors, none of which is 1e-15 exactly',
  },
];

/** The line of a text on which a fault stands. */
export const lineOf = (text: string, { line }: Mutant): string => text.split('\n')[line - 1]!.trim();

/** What the list says of a fault in a file with this text. */
export const listed = (mutant: Mutant, text: string): Equivalent | undefined =>
  equivalents.find(
    ({ rule, file, right, on }) =>
      rule === mutant.rule &&
      file === mutant.file &&
      right === mutant.right &&
      (on === undefined || lineOf(text, mutant).includes(on)),
  );

/** Entries of the list that no fault of lib answers to any more. */
export const unused = (): Equivalent[] => {
  const found = new Set(
    [...new Set(equivalents.map(({ file }) => file))].flatMap(file => {
      const text = readFileSync(join('lib', file), 'utf8');
      return mutantsOf(file, text).flatMap(mutant => listed(mutant, text) ?? []);
    }),
  );
  return equivalents.filter(entry => !found.has(entry));
};
