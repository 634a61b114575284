import type { CompilerClient } from '../compiler/compiler-client.js';
import { toPoints, toUtf16, wordAt } from './cursor.js';
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

/** complete_request → complete_reply. */
export const complete = async (compiler: CompilerClient, content: Json): Promise<Json> => {
  const code = String(content.code ?? '');
  const cursor = toUtf16(code, Number(content.cursor_pos ?? Number.POSITIVE_INFINITY));
  const { start } = wordAt(code, cursor);
  const prefix = code.slice(start, cursor);
  const all = await compiler.complete(code, cursor);
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
