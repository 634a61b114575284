import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Json } from './wire.js';

/** Inputs of this and earlier sessions, one JSON object a line in a file of the user's. */
export interface History {
  add(line: number, source: string): void;
  /** The text/plain of a cell's result, kept for this session only. */
  output(line: number, text: string): void;
  /** history_request → the reply's `history`. */
  request(content: Json): unknown[];
}

interface Entry {
  readonly session: number;
  readonly line: number;
  readonly source: string;
}

/**
 * In the user's data directory, as ipykernel has its own, for a kernel that serves many projects. TSNB_HISTORY names
 * another file; empty, nothing is kept beyond the session.
 */
export const historyFile = (env: NodeJS.ProcessEnv): string | undefined => {
  if (env.TSNB_HISTORY !== undefined) return env.TSNB_HISTORY || undefined;
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'tsnb', 'history.jsonl');
};

export const openHistory = (file: string | undefined): History => {
  const entries = file ? read(file) : [];
  const session = entries.reduce((latest, entry) => Math.max(latest, entry.session), 0) + 1;
  const outputs = new Map<number, string>();
  const shown = ({ session: from, line, source }: Entry, output: boolean): unknown[] =>
    output ? [from, line, [source, from === session ? (outputs.get(line) ?? null) : null]] : [from, line, source];
  return {
    add(line, source) {
      const entry = { session, line, source };
      entries.push(entry);
      if (file) append(file, entry);
    },
    output: (line, text) => void outputs.set(line, text),
    request(content) {
      const { hist_access_type: access, output, session: wanted, start, stop, n, pattern, unique } = content;
      const count = typeof n === 'number' ? n : Number.POSITIVE_INFINITY;
      const pick = (): Entry[] => {
        if (access === 'range') return range(entries, session, Number(wanted ?? 0), Number(start ?? 0), stop);
        if (access === 'search') return tail(search(entries, String(pattern ?? '*'), unique === true), count);
        return tail(entries, count);
      };
      return pick().map(entry => shown(entry, output === true));
    },
  };
};

const tail = (entries: readonly Entry[], count: number): Entry[] =>
  Number.isFinite(count) ? entries.slice(Math.max(0, entries.length - count)) : [...entries];

/** Session 0 is this one, −1 the one before. */
const range = (entries: readonly Entry[], current: number, session: number, start: number, stop: unknown): Entry[] => {
  const wanted = session <= 0 ? current + session : session;
  const end = typeof stop === 'number' ? stop : Number.POSITIVE_INFINITY;
  return entries.filter(entry => entry.session === wanted && entry.line >= start && entry.line < end);
};

const search = (entries: readonly Entry[], pattern: string, unique: boolean): Entry[] => {
  const matches = glob(pattern);
  const found = entries.filter(({ source }) => matches.test(source));
  if (!unique) return found;
  const last = new Map(found.map((entry, index) => [entry.source, index]));
  return found.filter((entry, index) => last.get(entry.source) === index);
};

/** `*` and `?` as in a shell, over the whole input. */
const glob = (pattern: string): RegExp => {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  return new RegExp(`^${escaped}$`);
};

const read = (file: string): Entry[] => {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap(line => {
    try {
      const { session, line: number, source } = JSON.parse(line) as Partial<Entry>;
      const whole = typeof session === 'number' && typeof number === 'number' && typeof source === 'string';
      return whole ? [{ session, line: number, source }] : [];
    } catch {
      return [];
    }
  });
};

/** A history that cannot be written is no reason to fail a cell. */
const append = (file: string, entry: Entry): void => {
  try {
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  } catch {
    // Read-only home, full disk.
  }
};
