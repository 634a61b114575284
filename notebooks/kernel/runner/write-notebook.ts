import type { Cell, DisplayOutput, Metadata, Notebook, Output } from './record/nbformat.js';

/** Metadata that says something about the content; all else is a frontend's state or a run's trace. */
const CELL_METADATA = ['tags', 'jupyter', 'slideshow', 'name'] as const;
const OUTPUT_METADATA = ['width', 'height', 'isolated'] as const;

const pick = (metadata: Metadata, names: readonly string[]): Metadata =>
  Object.fromEntries(names.flatMap(name => (metadata[name] === undefined ? [] : [[name, metadata[name]]])));

const nested = (metadata: Metadata, names: readonly string[]): Metadata =>
  Object.fromEntries(
    Object.entries(metadata)
      .filter((entry): entry is [string, Metadata] => entry[1] !== null && typeof entry[1] === 'object')
      .map(([mime, inner]) => [mime, pick(inner, names)] as const)
      .filter(([, inner]) => Object.keys(inner).length > 0),
  );

/** Lines with their ends, as nbformat stores text so that diffs are readable. */
const lines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const isText = (mime: string): boolean => /^text\/|svg\+xml$|javascript$/.test(mime);

const display = ({ output_type, data, metadata }: DisplayOutput): object => ({
  output_type,
  data: Object.fromEntries(
    Object.entries(data).map(([mime, body]) => [mime, typeof body === 'string' && isText(mime) ? lines(body) : body]),
  ),
  metadata: nested(metadata, OUTPUT_METADATA),
  ...(output_type === 'execute_result' && { execution_count: null }),
});

const output = (value: Output): object => {
  if (value.output_type === 'stream') return { ...value, text: lines(value.text) };
  return value.output_type === 'error' ? value : display(value);
};

const cell = (value: Cell): object => {
  const { cell_type, id, source } = value;
  const common = { cell_type, id, source: lines(source), metadata: pick(value.metadata, CELL_METADATA) };
  if (value.cell_type === 'code') return { ...common, execution_count: null, outputs: value.outputs.map(output) };
  return { ...common, ...(value.attachments && { attachments: value.attachments }) };
};

const language = (info: unknown): Metadata => {
  const fields = ['name', 'file_extension', 'mimetype', 'codemirror_mode', 'pygments_lexer', 'nbconvert_exporter'];
  return info !== null && typeof info === 'object' ? pick(info as Metadata, fields) : {};
};

const metadata = ({ kernelspec, language_info, title, authors }: Metadata): Metadata => ({
  ...(kernelspec !== undefined && { kernelspec: pick(kernelspec as Metadata, ['display_name', 'language', 'name']) }),
  ...(language_info !== undefined && { language_info: language(language_info) }),
  ...(title !== undefined && { title }),
  ...(authors !== undefined && { authors }),
});

/** Keys in order, so that equal notebooks are equal files. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map(key => [key, sorted((value as Readonly<Record<string, unknown>>)[key])]),
  );
};

/** Lists of numbers on one line: indented, a figure's coordinates take three times the space and as many lines. */
const withShortLists = (json: string): string =>
  json.replace(/\[\n\s*(?:(?:-?\d[\d.e+-]*|null),\n\s*)*(?:-?\d[\d.e+-]*|null)\n\s*\]/gi, list =>
    list.replace(/\s+/g, '').replace(/,/g, ', '),
  );

/**
 * The notebook as a file without traces of the run: no execution counts, no frontend state, no interpreter version;
 * keys in order, one space of indentation and a final newline, as Jupyter itself writes it but for lists of numbers.
 */
export const cleanText = (notebook: Notebook): string => {
  const body = {
    cells: notebook.cells.map(cell),
    metadata: metadata(notebook.metadata),
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${withShortLists(JSON.stringify(sorted(body), null, 1))}\n`;
};
