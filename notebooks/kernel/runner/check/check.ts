import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { writeAtomic } from '../../../files/atomic.js';
import { EXIT } from '../conclude.js';
import { refuseForeign } from '../foreign.js';
import { jupyterJson, lines } from '../jupyter-json.js';
import { parseNotebook } from '../parse-notebook.js';
import type { Loaded } from '../record/result-types.js';
import { type CheckedNotebook, checkNotebooks } from './check-notebooks.js';
import { FORMATS, type Format, levelOf } from './formats.js';

const USAGE = `tsnb check [options] NOTEBOOK…

Tells without running them what is wrong with notebooks, by cell and line:

  syntax, types  what TypeScript says of the cells, strictly or as tsconfig.json has it
  order, cycle   a name that is used above the cell that declares it; cells that need names of each other
  promise        a promise that nobody awaits
  package        a package that is installed and that no package.json names
  seed           Math.random, crypto’s random values, Date.now, new Date() and Date() in a notebook that has a seed: one
                 whose code says seed or SEED, be it a name, a property or a variable of the environment
  output         outputs that are not those of the code, in a notebook that tells of its run as report/ has them
  unused         an imported name that no cell uses (a warning)

  --fix          takes unused imports out; what their modules do when they are loaded stays
  --format F     text (default), json, sarif, or github for annotations

Exit code: 0 nothing or warnings alone, 1 something is wrong, 2 wrong usage or a notebook that cannot be read.
`;

const load = (file: string): Loaded => {
  const json = readFileSync(file, 'utf8');
  return { file, json, notebook: parseNotebook(json, file) };
};

/** The notebook's file with these sources. */
const mended = ({ json, fixes }: CheckedNotebook): string => {
  const notebook = JSON.parse(json) as { readonly cells: { source: unknown }[] };
  for (const [index, source] of fixes) notebook.cells[index]!.source = lines(source);
  return `${jupyterJson(notebook)}\n`;
};

/** Mends what can be, and returns what is left. */
const fix = (notebooks: readonly CheckedNotebook[]): CheckedNotebook[] => {
  const todo = notebooks.filter(({ fixes }) => fixes.size > 0);
  for (const each of todo) {
    writeAtomic(each.file, mended(each));
    console.error(`${each.file}: unused imports taken out of ${each.fixes.size} cell${each.fixes.size > 1 ? 's' : ''}`);
  }
  const again = checkNotebooks(todo.map(({ file }) => load(file)));
  return notebooks.map(each => again.find(({ file }) => file === each.file) ?? each);
};

const isFormat = (text: string): text is Format => text in FORMATS;

/** `tsnb check`. Returns the exit code. */
export const main = (args: readonly string[]): number => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      fix: { type: 'boolean', default: false },
      format: { type: 'string', default: 'text' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { format } = values;
  if (values.help || positionals.length === 0 || !isFormat(format)) {
    console.log(USAGE);
    return values.help ? EXIT.ok : EXIT.usage;
  }
  let loaded: Loaded[];
  try {
    loaded = positionals.map(load);
    loaded.forEach(refuseForeign);
  } catch (error) {
    console.error(`tsnb check: ${(error as Error).message}`);
    return EXIT.usage;
  }
  const found = checkNotebooks(loaded);
  const left = values.fix ? fix(found) : found;
  process.stdout.write(FORMATS[format](left));
  const wrong = left.flatMap(({ problems }) => problems).filter(each => levelOf(each) === 'error');
  return wrong.length > 0 ? EXIT.failed : EXIT.ok;
};
