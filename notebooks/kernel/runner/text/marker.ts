import type { Cell, Metadata } from '../record/nbformat.js';

/** The line before a cell: `// %% title [markdown] id="a1" tags=["slow"]`. */
export interface Marker {
  readonly type: Cell['cell_type'];
  /** What follows in JSON, by name; a title is among it, as jupytext has it. */
  readonly fields: Metadata;
}

const LINE = /^\s*\/\/\s*%%(%*)(?:\s(.*))?$/;
const TYPE = /(?:^|\s)\[(markdown|md|raw|code)\](?=\s|$)/;
const NAME = /^[A-Za-z0-9_.@/-]+$/;
const FIELD = /\s*([A-Za-z0-9_.@/-]+)=/y;

export const isMarker = (line: string): boolean => LINE.test(line);

/** TypeScript's ends of lines that JSON leaves as they are. */
const json = (value: unknown): string =>
  JSON.stringify(value).replace(/[\u2028\u2029]/g, end => `\\u${end.charCodeAt(0).toString(16)}`);

export const writeMarker = ({ type, fields }: Marker): string => {
  const entries = Object.entries(fields);
  const plain = entries.every(([name]) => NAME.test(name));
  const told = plain ? entries.map(([name, value]) => `${name}=${json(value)}`) : [json(fields)];
  return ['// %%', ...(type === 'code' ? [] : [`[${type}]`]), ...told].join(' ');
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The end of the JSON value that begins here; where none does, the end of the word. */
const valueEnd = (text: string, at: number): number => {
  const tokens = /"(?:[^"\\]|\\.)*"|[[{]|[\]}]|\s|[^\s"[\]{}]+/y;
  tokens.lastIndex = at;
  let depth = 0;
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    const [word] = token;
    if (/^\s$/.test(word) && depth === 0) return token.index;
    if (/^[[{]$/.test(word)) depth++;
    if (/^[\]}]$/.test(word)) depth--;
  }
  return text.length;
};

/** `a=1 b=[2]`, or one object; undefined for what is neither. */
const readFields = (text: string): Metadata | undefined => {
  if (text.startsWith('{')) return parsed(text) as Metadata | undefined;
  const found: [string, unknown][] = [];
  for (let at = 0; at < text.length; ) {
    FIELD.lastIndex = at;
    const name = FIELD.exec(text)?.[1];
    if (name === undefined) return undefined;
    const end = valueEnd(text, FIELD.lastIndex);
    const value = parsed(text.slice(FIELD.lastIndex, end));
    if (value === undefined) return undefined;
    found.push([name, value]);
    at = end;
  }
  return Object.fromEntries(found);
};

/** Words without a `=` are a title, up to the first field. */
const titled = (text: string): Metadata => {
  for (const { index } of text.matchAll(/(?<=^|\s)(?:\{|[A-Za-z0-9_.@/-]+=)/g)) {
    const fields = readFields(text.slice(index).trim());
    const title = text.slice(0, index).trim();
    if (fields) return { ...(title && { title }), ...fields };
  }
  return text === '' ? {} : { title: text };
};

/** Undefined for a line that is no marker. */
export const readMarker = (line: string): Marker | undefined => {
  const [, deeper, rest = ''] = LINE.exec(line) ?? [];
  if (deeper === undefined) return undefined;
  const depth = deeper === '' ? {} : { cell_depth: deeper.length };
  const type = TYPE.exec(rest);
  // Behind a field it is part of a text.
  const before = type && rest.slice(0, type.index).trim();
  if (!type || /=/.test(before!)) return { type: 'code', fields: { ...depth, ...titled(rest.trim()) } };
  const [, kind] = type;
  const fields = titled(rest.slice(type.index + type[0].length).trim());
  return {
    type: kind === 'md' ? 'markdown' : (kind as Cell['cell_type']),
    fields: { ...depth, ...(before && { title: before }), ...fields },
  };
};
