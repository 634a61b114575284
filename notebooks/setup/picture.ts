/**
 * Takes a picture out of a notebook's committed outputs, `picture.ts NOTEBOOK TAG FILE`: the PNG of the cell with this
 * tag. The README shows what the notebook has drawn, and nothing else.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { writeAtomic } from '../files/atomic.js';
import { parseNotebook } from '../kernel/runner/parse-notebook.js';
import { isCode, tagsOf } from '../kernel/runner/record/nbformat.js';

/** @throws where there is not exactly one cell of that tag with exactly one PNG */
export const pictureOf = (notebook: string, tag: string): Uint8Array => {
  const { cells } = parseNotebook(readFileSync(notebook, 'utf8'), notebook);
  const pictures = cells
    .filter(isCode)
    .filter(cell => tagsOf(cell).includes(tag))
    .flatMap(cell => cell.outputs)
    .flatMap(output => ('data' in output ? [output.data['image/png']] : []))
    .filter((data): data is string => typeof data === 'string');
  const [picture] = pictures;
  if (picture === undefined || pictures.length > 1) {
    throw new Error(`${notebook}: ${pictures.length} pictures in cells with the tag "${tag}", and one is needed`);
  }
  return Buffer.from(picture, 'base64');
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [notebook = '', tag = '', file = ''] = process.argv.slice(2);
  writeAtomic(file, pictureOf(notebook, tag));
}
