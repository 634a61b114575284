import { readFileSync } from 'node:fs';
import { writeAtomic } from '../../../files/atomic.js';
import { parseNotebook } from '../parse-notebook.js';
import { cleanText } from '../write-notebook.js';

const USAGE = `tsnb clean [NOTEBOOK…]

Takes out of notebooks what tells of a run or of an editor: execution counts, times, provenance, an editor's state.
Outputs stay. Without a name it reads one and writes it, as a filter of git does:

  git config filter.tsnb.clean "tsnb clean"
  echo "*.ipynb filter=tsnb" >> .gitattributes
`;

/** `tsnb clean`. Returns the exit code. */
export const main = (files: readonly string[]): number => {
  if (files.some(file => file.startsWith('-'))) {
    console.log(USAGE);
    return files.includes('--help') || files.includes('-h') ? 0 : 2;
  }
  if (files.length === 0) process.stdout.write(cleanText(parseNotebook(readFileSync(0, 'utf8'), 'the notebook')));
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const clean = cleanText(parseNotebook(text, file));
    if (clean !== text) writeAtomic(file, clean);
  }
  return 0;
};
