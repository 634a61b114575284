import { homedir } from 'node:os';
import { join } from 'node:path';
import { BOUND, type Bound, type Entry, openHistoryFile } from './history-file.js';
import type { Json } from './wire.js';

/** Inputs of this and earlier sessions, in a file of the user's. */
export interface History {
  add(line: number, source: string): void;
  /** The text/plain of a cell's result, kept for this session only. */
  output(line: number, text: string): void;
  /** history_request → the reply's `history`. */
  request(content: Json): unknown[];
}

/**
 * In the user's data directory, as ipykernel has its own, for a kernel that serves many projects. TSNB_HISTORY names
 * another file; empty, nothing is kept beyond the session.
 */
export const historyFile = (env: NodeJS.ProcessEnv): string | undefined => {
  if (env.TSNB_HISTORY !== undefined) return env.TSNB_HISTORY || undefined;
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'tsnb', 'history.jsonl');
};

/** The outputs of so many cells are kept. */
const OUTPUTS = 1000;

export const openHistory = (file: string | undefined, bound: Bound = BOUND): History => {
  const kept = file ? openHistoryFile(file, bound) : { entries: [], session: 1, append: () => undefined };
  const { session } = kept;
  const entries = [...kept.entries];
  const outputs = new Map<number, string>();
  const shown = ({ session: from, line, source }: Entry, output: boolean): unknown[] =>
    output ? [from, line, [source, from === session ? (outputs.get(line) ?? null) : null]] : [from, line, source];
  return {
    add(line, source) {
      const entry = { session, line, source };
      entries.push(entry);
      if (entries.length > bound.entries) entries.shift();
      kept.append(entry);
    },
    output(line, text) {
      outputs.set(line, text);
      outputs.delete(line - OUTPUTS);
    },
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
