import { createHash } from 'node:crypto';
import { INJECTED, isCode, type Notebook, type Output, tagsOf } from './nbformat.js';

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** Of the code and the tags that the author wrote: parameters of a run are not part of it. */
export const codeDigest = ({ cells }: Notebook): string =>
  digest(
    cells.filter(cell => isCode(cell) && !tagsOf(cell).includes(INJECTED)).map(cell => [cell.source, tagsOf(cell)]),
  );

/** Of all that the cells show; metadata of outputs, which a file may not keep, aside. */
export const outputsDigest = ({ cells }: Notebook): string =>
  digest(cells.filter(isCode).map(cell => cell.outputs.map(shown)));

/** In an order of its own: a file has its keys in another one. */
const shown = (output: Output): unknown => {
  if (output.output_type === 'stream') return [output.name, output.text];
  if (output.output_type === 'error') return [output.ename, output.evalue, output.traceback];
  return Object.keys(output.data)
    .sort()
    .map(mime => [mime, sorted(output.data[mime])]);
};

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, each]) => [name, sorted(each)]);
};
