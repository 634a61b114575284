import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { writeAtomic } from '../../../files/atomic.js';
import { type CellChange, diffPage } from '../html/diff-page.js';
import { reportCss } from '../html/write-report.js';
import { parseNotebook } from '../parse-notebook.js';
import { compareNotebooks } from './compare-notebooks.js';

const USAGE = `tsnb diff [options] A.ipynb B.ipynb

Tells which cells are new, gone or edited, and whose outputs differ, numbers within the tolerance aside. What tells of
a run alone, such as times and execution counts, does not count.

  --html FILE         a page with the changes, outputs and pictures side by side
  --rtol X, --atol X  relative and absolute tolerance (default: 1e-5 and 1e-8)

Exit code: 0 no difference, 1 some, 2 wrong usage.
`;

const CONTEXT = 2;

/** Unchanged lines far from any change are left out. */
const near = (lines: readonly string[]): string[] => {
  const kept = lines.map((_, i) =>
    lines.slice(Math.max(0, i - CONTEXT), i + CONTEXT + 1).some(line => line[0] !== ' '),
  );
  return lines.flatMap((line, i) => (kept[i] ? [`    ${line}`] : kept[i - 1] ? ['    …'] : []));
};

const told = ({ number, before, after, lines, outputs }: CellChange): string => {
  const kind = before === undefined ? ', new' : after === undefined ? ', gone' : '';
  return [`cell ${number}${kind}`, ...near(lines), ...(outputs ? [`    ${outputs}`] : [])].join('\n');
};

/** `tsnb diff`. Returns the exit code. @param home the package's directory. */
export const main = (args: readonly string[], home: string): number => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      html: { type: 'string' },
      rtol: { type: 'string', default: '1e-5' },
      atol: { type: 'string', default: '1e-8' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [a, b, ...more] = positionals;
  const tolerance = { rtol: Number(values.rtol), atol: Number(values.atol) };
  const wrong = a === undefined || b === undefined || more.length > 0 || !(tolerance.rtol >= 0 && tolerance.atol >= 0);
  if (values.help || wrong) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const [before, after] = [a, b].map(file => parseNotebook(readFileSync(file, 'utf8'), file));
  const changes = compareNotebooks(before!, after!, tolerance);
  for (const change of changes) console.log(told(change));
  if (values.html) writeAtomic(values.html, diffPage({ names: [a, b], changes, css: reportCss(), home }));
  return changes.length > 0 ? 1 : 0;
};
