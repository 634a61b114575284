import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeAtomic } from '../../files/atomic.js';
import { makeFolder } from '../../files/folder.js';

/** An input, in a file with one JSON object a line. */
export interface Entry {
  readonly session: number;
  readonly line: number;
  readonly source: string;
}

/** What is kept: so many inputs, and so many characters of them. The file may grow to twice that between two starts. */
export interface Bound {
  readonly entries: number;
  readonly characters: number;
}

export const BOUND: Bound = { entries: 10_000, characters: 8_000_000 };

export interface HistoryFile {
  /** Those of earlier sessions. */
  readonly entries: readonly Entry[];
  /** The number of this session. */
  readonly session: number;
  append(entry: Entry): void;
}

/** Opens, trims, and begins a session in it. */
export const openHistoryFile = (file: string, bound: Bound): HistoryFile => {
  const text = read(file);
  const lines = text.split('\n').filter(line => line !== '');
  const kept = newest(lines, bound);
  if (lines.length > 2 * bound.entries || text.length > 2 * bound.characters) {
    attempt(() => writeAtomic(file, kept.map(line => `${line}\n`).join(''), OWNERS));
  }
  const parsed = kept.map(parse);
  const latest = parsed.reduce((most, { session = 0 }) => Math.max(most, session), 0);
  return { entries: parsed.filter(isWhole), session: begin(file, latest + 1), append: entry => append(file, entry) };
};

/** For the owner only. */
const OWNERS = 0o600;

const newest = (lines: readonly string[], { entries, characters }: Bound): string[] => {
  let left = characters;
  const from = lines.findLastIndex(line => {
    left -= line.length;
    return left < 0;
  });
  return lines.slice(Math.max(from + 1, lines.length - entries));
};

/**
 * Another kernel may begin a session at the same time: each writes a line with the number that it wants, and the first
 * such line in the file has it.
 */
const begin = (file: string, first: number): number => {
  for (let session = first; ; session++) {
    const claim = { session, kernel: randomUUID() };
    if (!append(file, claim)) return session;
    const text = read(file);
    const found = text.indexOf(`{"session":${session},"kernel":`);
    if (found < 0 || text.startsWith(JSON.stringify(claim), found)) return session;
  }
};

const parse = (line: string): Partial<Entry> => {
  try {
    const { session, line: number, source } = (JSON.parse(line) ?? {}) as Record<string, unknown>;
    return {
      ...(typeof session === 'number' ? { session } : {}),
      ...(typeof number === 'number' ? { line: number } : {}),
      ...(typeof source === 'string' ? { source } : {}),
    };
  } catch {
    return {};
  }
};

const isWhole = (entry: Partial<Entry>): entry is Entry => {
  const { session, line, source } = entry;
  return session !== undefined && line !== undefined && source !== undefined;
};

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** A history that cannot be written is no reason to fail a cell: read-only home, full disk. */
const attempt = (write: () => void): boolean => {
  try {
    write();
    return true;
  } catch {
    return false;
  }
};

const append = (file: string, value: object): boolean =>
  attempt(() => {
    makeFolder(dirname(file));
    appendFileSync(file, `${JSON.stringify(value)}\n`, { mode: OWNERS });
  });
