import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { writeAtomic } from '../../../files/atomic.js';
import { parseNotebook } from '../parse-notebook.js';
import { join } from './join.js';
import { read, write } from './percent.js';

const USAGE = `tsnb convert [--to ts|ipynb] [-o FILE] FILE…
tsnb convert --textconv NOTEBOOK

Notebooks as TypeScript and back, in the percent format of jupytext: // %% before each cell, with its id, tags and
metadata, text in comments, the notebook's metadata in a comment at the top. Nothing but outputs is lost. A notebook
that is written over keeps the outputs of cells whose source is as it was.

      --to ts|ipynb     what to write (default: the other one)
  -o, --output FILE     where to (default: beside the file, with the other ending); - writes it to stdout
      --textconv        write a notebook as TypeScript to stdout, and what is none as it is, as git asks of a textconv:

  git config diff.tsnb.textconv "tsnb convert --textconv"
  echo "*.ipynb diff=tsnb" >> .gitattributes

Exit code: 0 all is written, 1 a file cannot be read or written, 2 wrong usage.
`;

type Kind = 'ts' | 'ipynb';

const kindOf = (file: string): Kind | undefined => /\.(ts|ipynb)$/.exec(file)?.[1] as Kind | undefined;
const beside = (file: string, kind: Kind): string => file.replace(/\.\w+$/, `.${kind}`);

const asTypeScript = (file: string): string => write(parseNotebook(readFileSync(file, 'utf8'), file));

/** @param place where the result goes: a notebook that is there hands its outputs on. */
const converted = (file: string, kind: Kind, place: string): string => {
  if (kindOf(file) === undefined) throw new Error(`${file} is neither a notebook nor TypeScript: give .ipynb or .ts`);
  if (kind === 'ts') {
    if (kindOf(file) === 'ts') throw new Error(`${file} is TypeScript already: give a notebook, or --to ipynb`);
    return asTypeScript(file);
  }
  if (kindOf(file) === 'ipynb') throw new Error(`${file} is a notebook already: give TypeScript, or --to ts`);
  const percent = read(readFileSync(file, 'utf8'), file);
  return join(percent, existsSync(place) ? { json: readFileSync(place, 'utf8'), file: place } : undefined);
};

/** Git shows nothing at all where a textconv fails: a notebook with conflict markers in it, say. */
const textconv = (file: string): string => {
  try {
    return asTypeScript(file);
  } catch {
    return readFileSync(file, 'utf8');
  }
};

/** `tsnb convert`. Returns the exit code. */
export const main = (args: readonly string[]): number => {
  const { values, positionals: files } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      output: { type: 'string', short: 'o' },
      textconv: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { to, output } = values;
  const single = output !== undefined || values.textconv;
  if (values.help || files.length === 0 || (single && files.length > 1) || (to && kindOf(`.${to}`) === undefined)) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  if (values.textconv) {
    process.stdout.write(textconv(files[0]!));
    return 0;
  }
  for (const file of files) {
    const kind = (to as Kind | undefined) ?? (kindOf(file) === 'ts' ? 'ipynb' : 'ts');
    const place = output === undefined ? beside(file, kind) : output;
    const text = converted(file, kind, place === '-' ? beside(file, kind) : place);
    if (place === '-') process.stdout.write(text);
    else writeAtomic(place, text);
  }
  return 0;
};
