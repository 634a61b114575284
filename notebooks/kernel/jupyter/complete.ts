import type { Completion } from '../compiler/checker.js';
import type { CompilerClient } from '../compiler/compiler-client.js';
import type { Property } from '../link/protocol.js';
import { toPoints, toUtf16, wordAt } from './cursor.js';
import { completePath } from './path-completion.js';
import { stringAt } from './string-at.js';
import type { Json } from './wire.js';

/** LSP's CompletionItemKind → the words that JupyterLab has icons for. */
const KINDS: Readonly<Record<number, string>> = {
  2: 'method',
  3: 'function',
  4: 'class',
  5: 'property',
  6: 'variable',
  7: 'class',
  8: 'interface',
  9: 'module',
  10: 'property',
  13: 'enum',
  14: 'keyword',
  17: 'file',
  20: 'enum',
  21: 'constant',
  25: 'type',
};

export const noCompletions = ({ cursor_pos = 0 }: Json): Json => ({
  status: 'ok',
  matches: [],
  cursor_start: cursor_pos,
  cursor_end: cursor_pos,
  metadata: {},
});

/** LSP's numbers of these. */
const METHOD = 2;
const PROPERTY = 5;
const FILE = 17;

export type Properties = (path: readonly string[]) => Promise<readonly Property[]>;

export interface Sources {
  readonly compiler: CompilerClient;
  readonly properties: Properties;
  /** Where relative paths in strings may begin. */
  readonly directories: readonly string[];
}

/** complete_request → complete_reply. */
export const complete = async (sources: Sources, content: Json): Promise<Json> => {
  const code = String(content.code ?? '');
  const cursor = toUtf16(code, Number(content.cursor_pos ?? Number.POSITIVE_INFINITY));
  const { start, all } = await offered(sources, code, cursor);
  const prefix = code.slice(start, cursor);
  const starting = all.filter(({ name }) => name.startsWith(prefix));
  const lower = prefix.toLowerCase();
  const found = starting.length > 0 ? starting : all.filter(({ name }) => name.toLowerCase().startsWith(lower));
  const cursor_start = toPoints(code, start);
  const cursor_end = toPoints(code, cursor);
  const types = found.map(({ name, kind }) => ({
    text: name,
    type: KINDS[kind] ?? '',
    start: cursor_start,
    end: cursor_end,
  }));
  return {
    status: 'ok',
    matches: found.map(({ name }) => name),
    cursor_start,
    cursor_end,
    metadata: { _jupyter_types_experimental: types },
  };
};

interface Offer {
  /** Where what is written of it begins. */
  readonly start: number;
  readonly all: readonly Completion[];
}

const offered = async (
  { compiler, properties, directories }: Sources,
  code: string,
  cursor: number,
): Promise<Offer> => {
  const { all: known, live } = await compiler.complete(code, cursor);
  const string = stringAt(code, cursor);
  if (!string) {
    const found = live ? await properties(live) : [];
    const names = found.map(({ name, method }) => ({ name, kind: method ? METHOD : PROPERTY }));
    return { start: wordAt(code, cursor).start, all: [...known, ...names] };
  }
  // Of a string TypeScript knows packages and what the type allows; in a template literal it offers all names.
  const literal = code[string.start - 1] === '`' ? [] : known;
  if (literal.some(({ name }) => name.startsWith(string.text))) return { start: string.start, all: literal };
  // After a slash, of a package in a scope, the rest.
  const { from, names } = completePath(string, directories);
  const paths = names.map(name => ({ name, kind: FILE }));
  return { start: string.start + from, all: from > 0 ? [...literal, ...paths] : paths };
};
