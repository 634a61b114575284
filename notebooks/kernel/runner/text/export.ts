import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeAtomic } from '../../../files/atomic.js';
import { findProject } from '../../project/project.js';
import { parseNotebook } from '../parse-notebook.js';
import { oneModule } from './one-module.js';
import { slice } from './slice.js';

const USAGE = `tsnb export --slice CELL [-o FILE] NOTEBOOK

Writes a TypeScript module with those cells alone that one cell needs: the ones that declare or change what it names,
and what these name. Imports are merged at the top, and all names are exported.

      --slice CELL      the cell, by its id or its number from 1
  -o, --output FILE     where to (default: stdout, with imports as a file in the notebook's folder has them)

Exit code: 0 it is written, 1 it cannot be a module, with the reason, 2 wrong usage.
`;

/** `tsnb export`. Returns the exit code. */
export const main = (args: readonly string[]): number => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      slice: { type: 'string' },
      output: { type: 'string', short: 'o' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [notebook, ...more] = positionals;
  const cell = values.slice;
  if (values.help || notebook === undefined || more.length > 0 || cell === undefined) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const parts = slice(parseNotebook(readFileSync(notebook, 'utf8'), notebook), cell);
  const folder = dirname(resolve(notebook));
  const text = oneModule(parts, {
    project: findProject(folder),
    title: basename(notebook),
    file: values.output ?? join(folder, 'slice.ts'),
  });
  if (values.output === undefined) process.stdout.write(text);
  else writeAtomic(values.output, text);
  return 0;
};
