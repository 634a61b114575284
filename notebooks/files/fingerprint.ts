import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What computes a training step, and the versions of what is installed. */
const SOURCES = ['lib', 'data', 'notebooks/backend'] as const;
const VERSIONS = 'package-lock.json';

/** All that a training depends on. */
export interface Origin {
  /** The notebook's path from the project's root. */
  readonly notebook: string;
  /** The last code cell that counts is the first one that holds this: the cells after it only use the result. */
  readonly until: string;
  /** What the cells chose when they ran: scale, seed, sizes. Plain values. */
  readonly made: unknown;
}

interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
}

/** @throws where no code cell holds the text, so that a renamed call does not go unnoticed */
function cellsOf(root: string, { notebook, until }: Origin): string[] {
  const { cells } = JSON.parse(readFileSync(join(root, notebook), 'utf8')) as { cells: Cell[] };
  const code = cells
    .filter(cell => cell.cell_type === 'code')
    .map(({ source }) => (typeof source === 'string' ? source : source.join('')));
  const last = code.findIndex(source => source.includes(until));
  if (last < 0) throw new Error(`no code cell of ${notebook} holds "${until}"`);
  return code.slice(0, last + 1);
}

const filesIn = (root: string, folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(ts|cc|h)$/.test(name))
    .map(name => join(folder, name))
    .sort();

/** A digest that changes with the cells, the modules behind them, what is installed, or what was chosen. */
export function fingerprint(root: string, origin: Origin): string {
  const hash = createHash('sha256');
  const say = (...words: readonly unknown[]) => hash.update(`${JSON.stringify(words)}\n`);
  say(origin.made, ...cellsOf(root, origin));
  for (const path of [VERSIONS, ...SOURCES.flatMap(folder => filesIn(root, folder))]) {
    say(path, readFileSync(join(root, path), 'utf8'));
  }
  return hash.digest('hex').slice(0, 32);
}
