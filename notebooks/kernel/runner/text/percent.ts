import type { Cell, Metadata, MimeBundle, Notebook } from '../record/nbformat.js';
import { readHeader, writeHeader } from './header.js';
import { isMarker, type Marker, readMarker, writeMarker } from './marker.js';

/**
 * Notebooks as TypeScript, in jupytext's percent format: a marker before each cell, text in comments. Beyond jupytext,
 * a marker has the cell's id, and nothing but outputs is lost: `read(write(notebook))` is the notebook.
 */

/** Fields of a marker that are no metadata; metadata of these names stand in `metadata`. */
const OWN = ['id', 'attachments', 'source', 'newlines', 'metadata'];

/** A line of a cell that would be read as a marker stands behind one more comment sign. */
const ESCAPABLE = /^(\s*)((?:\/\/\s*)*%%(?:%*\s.*|%*))$/;
const ESCAPED = /^(\s*)\/\/ ((?:\/\/\s*)*%%(?:%*\s.*|%*))$/;
const escapeLine = (line: string): string => line.replace(ESCAPABLE, '$1// $2');
const unescapeLine = (line: string): string => line.replace(ESCAPED, '$1$2');

const escapeCode = (line: string): string => (/^\s*\/\//.test(line) ? escapeLine(line) : line);
const unescapeCode = (line: string): string => (/^\s*\/\/ \/\//.test(line) ? unescapeLine(line) : line);

const comment = (line: string): string => (line === '' ? '//' : `// ${escapeLine(line)}`);
const uncomment = (line: string): string => unescapeLine(line.replace(/^\/\/ ?/, ''));

/** What ends a comment for TypeScript and is no end of a line here. */
const ENDS_COMMENT = /\r(?!\n)|[\u2028\u2029]/;

const isOwn = ([name]: readonly [string, unknown]): boolean => OWN.includes(name);

/** Code may end in empty lines, which are none of the cell's in a file. */
const newlines = ({ cell_type, source }: Cell): number => (cell_type === 'code' ? /\n*$/.exec(source)![0].length : 0);

const fieldsOf = (cell: Cell, whole: boolean): Metadata => {
  const ending = newlines(cell);
  const entries = Object.entries(cell.metadata);
  const hidden = entries.filter(isOwn);
  return {
    id: cell.id,
    ...Object.fromEntries(entries.filter(entry => !isOwn(entry))),
    ...(hidden.length > 0 && { metadata: Object.fromEntries(hidden) }),
    ...('attachments' in cell && cell.attachments && { attachments: cell.attachments }),
    ...(whole && { source: cell.source }),
    ...(ending > 0 && { newlines: ending }),
  };
};

const cellLines = (cell: Cell): string[] => {
  const type = cell.cell_type;
  const source = cell.source.slice(0, cell.source.length - newlines(cell));
  const whole = type !== 'code' && ENDS_COMMENT.test(source);
  const marker = writeMarker({ type, fields: fieldsOf(cell, whole) });
  if (whole || source === '') return [marker];
  return [marker, ...source.split('\n').map(type === 'code' ? escapeCode : comment)];
};

/** The notebook as the text of a TypeScript file. */
export const write = ({ cells, metadata }: Notebook): string =>
  `${[writeHeader(metadata), ...cells.map(cellLines)].map(lines => lines.join('\n')).join('\n\n')}\n`;

/** A cell as a file has it: its id may be missing. */
export type Draft = Omit<Cell, 'id' | 'outputs'> & {
  readonly id: string | undefined;
  readonly attachments?: Readonly<Record<string, MimeBundle>>;
};

export interface Percent {
  /** Undefined where the file does not tell. */
  readonly metadata: Metadata | undefined;
  readonly cells: readonly Draft[];
}

const count = (value: unknown): number => (typeof value === 'number' && value > 0 ? Math.floor(value) : 0);
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const draft = ({ type, fields }: Marker, body: readonly string[]): Draft => {
  const metadata = Object.fromEntries(Object.entries(fields).filter(entry => !isOwn(entry)));
  const lines = trimmed(body).map(type === 'code' ? unescapeCode : uncomment);
  return {
    cell_type: type,
    id: text(fields.id),
    source: text(fields.source) ?? lines.join('\n') + '\n'.repeat(count(fields.newlines)),
    metadata: { ...metadata, ...(fields.metadata as Metadata | undefined) },
    ...(fields.attachments !== undefined && { attachments: fields.attachments as Record<string, MimeBundle> }),
  };
};

/** However many empty lines stand between cells. */
const trimmed = (lines: readonly string[]): readonly string[] =>
  lines.slice(0, lines.findLastIndex(line => line !== '') + 1);

const CODE: Marker = { type: 'code', fields: {} };
const RAW: Marker = { type: 'raw', fields: {} };

/**
 * Reads a file in the percent format, of jupytext as well.
 * @throws Error for a file without any marker
 */
export const read = (content: string, file: string): Percent => {
  // Every line of a file that an editor has given the ends of Windows.
  const plain = /^[^\n]*\r\n/.test(content) ? content.replaceAll('\r\n', '\n') : content;
  const all = plain
    .replace(/^\uFEFF/, '')
    .replace(/\n$/, '')
    .split('\n');
  const { metadata, other, length } = headerOf(all, file);
  const lines = all.slice(length);
  const starts = lines.flatMap((line, i) => (isMarker(line) ? [i] : []));
  if (starts.length === 0 && metadata === undefined) {
    throw new Error(`${file} has no cell: a line such as // %% begins one, // %% [markdown] one of text`);
  }
  const front = other.length > 0 ? [draft(RAW, ['---', ...other, '---'])] : [];
  const before = lines
    .slice(0, starts[0] ?? lines.length)
    .join('\n')
    .replace(/^\n+/, '')
    .split('\n');
  const first = before.some(line => line.trim() !== '') ? [draft(CODE, before)] : [];
  const cells = starts.map((start, i) => draft(readMarker(lines[start]!)!, lines.slice(start + 1, starts[i + 1])));
  return { metadata, cells: [...front, ...first, ...cells] };
};

const headerOf = (lines: readonly string[], file: string) => {
  try {
    return readHeader(lines);
  } catch (cause) {
    throw new Error(`${file}: ${(cause as Error).message}`, { cause });
  }
};
