import { byLines, jupyterJson, lines } from './jupyter-json.js';
import type { Cell, DisplayOutput, Metadata, Notebook, Output } from './record/nbformat.js';
import { KEY } from './record/provenance.js';

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

const display = ({ output_type, data, metadata }: DisplayOutput): object => ({
  output_type,
  data: Object.fromEntries(
    Object.entries(data).map(([mime, body]) => [mime, typeof body === 'string' && byLines(mime) ? lines(body) : body]),
  ),
  metadata: nested(metadata, OUTPUT_METADATA),
  ...(output_type === 'execute_result' && { execution_count: null }),
});

const output = (value: Output): object => {
  if (value.output_type === 'stream') return { ...value, text: lines(value.text) };
  return value.output_type === 'error' ? value : display(value);
};

const cell = (value: Cell, traces: readonly string[]): object => {
  const { cell_type, id, source } = value;
  const common = {
    cell_type,
    id,
    source: lines(source),
    metadata: pick(value.metadata, [...CELL_METADATA, ...traces]),
  };
  if (value.cell_type === 'code') return { ...common, execution_count: null, outputs: value.outputs.map(output) };
  return { ...common, ...(value.attachments && { attachments: value.attachments }) };
};

const metadata = (
  { kernelspec, language_info, title, authors, ...rest }: Metadata,
  traces: readonly string[],
): Metadata => ({
  ...(kernelspec !== undefined && { kernelspec: pick(kernelspec as Metadata, ['display_name', 'language', 'name']) }),
  ...(language_info !== undefined && { language_info }),
  ...(title !== undefined && { title }),
  ...(authors !== undefined && { authors }),
  ...pick(rest, traces),
});

const written = (notebook: Notebook, traces: readonly string[]): string => {
  const body = {
    cells: notebook.cells.map(each => cell(each, traces)),
    metadata: metadata(notebook.metadata, traces),
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${jupyterJson(body)}\n`;
};

/**
 * The notebook as a file without traces of the run: no execution counts, no times, no frontend state. What JupyterLab
 * would enter when it opens the file, the kernel's name and its language, is there, and it is written as Jupyter does.
 */
export const cleanText = (notebook: Notebook): string => written(notebook, []);

/** The same with what the runner has entered of the run: a record, and nothing to commit. */
export const recordText = (notebook: Notebook): string => written(notebook, [KEY]);
