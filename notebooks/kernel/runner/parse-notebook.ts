import { createHash } from 'node:crypto';
import type { Cell, Metadata, MimeBundle, Notebook, Output } from './record/nbformat.js';

type Json = Readonly<Record<string, unknown>>;

/** A notebook file that cannot be used, with the place and the way out. */
const malformed = (where: string, what: string, fix: string): Error => new Error(`${where}: ${what}; ${fix}`);

const object = (value: unknown, where: string, what: string): Json => {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Json;
  throw malformed(
    where,
    `${what} is ${JSON.stringify(value)?.slice(0, 40)}, not an object`,
    'repair it or restore the file',
  );
};

/** nbformat allows a string or a list of lines wherever there is text. */
const text = (value: unknown, where: string, what: string): string => {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every(line => typeof line === 'string')) return value.join('');
  throw malformed(where, `${what} is neither text nor a list of lines`, 'repair it or restore the file');
};

const bundle = (value: unknown, where: string): MimeBundle =>
  Object.fromEntries(
    Object.entries(object(value, where, 'data')).map(([mime, body]) => [
      mime,
      Array.isArray(body) && !/json$/.test(mime) ? text(body, where, mime) : body,
    ]),
  );

const output = (value: unknown, where: string): Output => {
  const raw = object(value, where, 'an output');
  const type = raw.output_type;
  if (type === 'stream') {
    return {
      output_type: type,
      name: raw.name === 'stderr' ? 'stderr' : 'stdout',
      text: text(raw.text, where, 'text'),
    };
  }
  if (type === 'error') {
    const traceback = Array.isArray(raw.traceback) ? raw.traceback.map(String) : [];
    return { output_type: type, ename: String(raw.ename), evalue: String(raw.evalue), traceback };
  }
  if (type === 'display_data' || type === 'execute_result') {
    return {
      output_type: type,
      data: bundle(raw.data, where),
      metadata: object(raw.metadata ?? {}, where, 'metadata'),
    };
  }
  throw malformed(where, `output_type ${JSON.stringify(type)} is unknown`, 'clear the outputs of this cell');
};

/** nbformat 4.4 has no ids: one that depends on place and text stays the same from run to run. */
const derivedId = (index: number, source: string): string =>
  createHash('sha256').update(`${index}\n${source}`).digest('hex').slice(0, 8);

const cell = (value: unknown, index: number, file: string): Cell => {
  const where = `${file}, cell ${index + 1}`;
  const raw = object(value, where, 'the cell');
  const source = text(raw.source, where, 'source');
  const id = typeof raw.id === 'string' && raw.id !== '' ? raw.id : derivedId(index, source);
  const metadata: Metadata = object(raw.metadata ?? {}, where, 'metadata');
  const type = raw.cell_type;
  if (type === 'code') {
    if (!Array.isArray(raw.outputs)) throw malformed(where, 'outputs is not a list', 'give the cell "outputs": []');
    return { cell_type: type, id, source, metadata, outputs: raw.outputs.map(o => output(o, where)) };
  }
  if (type !== 'markdown' && type !== 'raw') {
    throw malformed(where, `cell_type ${JSON.stringify(type)} is unknown`, 'use code, markdown or raw');
  }
  const attachments = raw.attachments as Readonly<Record<string, MimeBundle>> | undefined;
  return { cell_type: type, id, source, metadata, ...(attachments && { attachments }) };
};

const unique = (cells: readonly Cell[], file: string): void => {
  const seen = new Map<string, number>();
  for (const [index, { id }] of cells.entries()) {
    const first = seen.get(id);
    if (first !== undefined) {
      throw malformed(
        `${file}, cell ${index + 1}`,
        `its id ${id} is also that of cell ${first + 1}`,
        'change one of them',
      );
    }
    seen.set(id, index);
  }
};

const parsed = (json: string, file: string): unknown => {
  try {
    return JSON.parse(json);
  } catch (cause) {
    const conflict = /^<{7} /m.test(json) ? 'it holds merge conflict markers: resolve them' : 'restore the file';
    throw new Error(`${file}: not JSON (${(cause as Error).message}); ${conflict}`, { cause });
  }
};

/** Reads nbformat 4 text. @throws Error that names file, cell and the way out. */
export const parseNotebook = (json: string, file: string): Notebook => {
  const raw = object(parsed(json, file), file, 'the notebook');
  if (raw.nbformat !== 4) {
    throw malformed(file, `nbformat ${JSON.stringify(raw.nbformat)}`, 'convert it: jupyter nbconvert --to notebook');
  }
  if (!Array.isArray(raw.cells)) throw malformed(file, 'cells is not a list', 'repair it or restore the file');
  const cells = raw.cells.map((value, index) => cell(value, index, file));
  unique(cells, file);
  return { cells, metadata: object(raw.metadata ?? {}, file, 'metadata') };
};
