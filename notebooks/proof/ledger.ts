import { createHash } from 'node:crypto';
import { isCode, type Notebook } from '../kernel/runner/record/nbformat.js';
import { EQUATION_MIME } from './check.js';
import type { Strength } from './claim.js';
import { places } from './places.js';

/** One line that a check has printed. */
export interface Line {
  readonly what: string;
  /** The figure, or the difference that is 0. */
  readonly measured: string;
  /** What was expected, and how far off it may be; empty for a difference. */
  readonly tolerance: string;
  /** Who found the difference to be 0. */
  readonly engines: readonly string[];
}

/** A claim as it ran: read from the outputs of the notebook that proves it. */
export interface Entry {
  readonly id: string;
  readonly strength: Strength;
  readonly source: string;
  readonly says: string;
  readonly notebook: string;
  /** The place of the cell that opens it, counted from 1 over all cells. */
  readonly cell: number;
  readonly checks: readonly Line[];
  /** Wrong statements that its checks caught. */
  readonly caught: readonly string[];
}

const OPENED = /^claim ([A-Z]+\d+) \((symbolic|identity|statistical); (.*?)\): (.*)$/;
const CHECKED = /^✓ ([A-Z]+\d+) · (.*): (.*)$/;
const CAUGHT = /^✓ wrong on purpose \(([A-Z]+\d+) · (.*?)\) is caught/;

interface Draft extends Omit<Entry, 'checks' | 'caught'> {
  readonly checks: Line[];
  readonly caught: string[];
}

type Output = Extract<Notebook['cells'][number], { outputs: unknown }>['outputs'][number];

/** What a check has printed, or shown beside the equation that it proves. */
export const textOf = (output: Output): string => {
  if (output.output_type === 'stream') return [output.text].flat().join('');
  const proved = 'data' in output && EQUATION_MIME in output.data;
  return proved ? [output.data['text/plain']].flat().join('') : '';
};

const printedLines = (notebook: Notebook): { cell: number; line: string }[] =>
  notebook.cells.flatMap((cell, i) =>
    isCode(cell)
      ? cell.outputs.flatMap(output =>
          textOf(output)
            .split('\n')
            .map(line => ({ cell: i + 1, line })),
        )
      : [],
  );

/** What follows the last ': ' before the figures: a description may hold colons of its own. */
const readLine = (text: string): Line => {
  const at = text.search(/: (left − right|[^:]*, (expected|at most|at least) )/);
  const [what, found] = [text.slice(0, at), text.slice(at + 2)];
  const engines = /^left − right = 0 \((.*)\)$/.exec(found)?.[1]?.split(', ');
  if (engines) return { what, measured: 'left − right = 0', tolerance: '', engines };
  const comma = found.search(/, (expected|at most|at least) /);
  return { what, measured: found.slice(0, comma), tolerance: found.slice(comma + 2), engines: [] };
};

/**
 * The claims of an executed notebook, in the order in which they are opened.
 * @throws Error for a check of a claim that was not opened before it, or one that is opened twice in the notebook
 */
export const claimsOf = (file: string, notebook: Notebook): Entry[] => {
  const found = new Map<string, Draft>();
  const of = (id: string, cell: number): Draft => {
    const entry = found.get(id);
    if (entry) return entry;
    throw new Error(`${file}, cell ${cell}: a check of ${id}, which is not opened before it`);
  };
  for (const { cell, line } of printedLines(notebook)) {
    const [, id = '', strength, source = '', says = ''] = OPENED.exec(line) ?? [];
    if (strength) {
      if (found.has(id)) throw new Error(`${file}, cell ${cell}: ${id} is opened twice`);
      const place = { notebook: file, cell };
      found.set(id, { id, strength: strength as Strength, source, says, ...place, checks: [], caught: [] });
    }
    const [, caughtBy, wrong = ''] = CAUGHT.exec(line) ?? [];
    if (caughtBy) of(caughtBy, cell).caught.push(wrong);
    else if (CHECKED.test(line)) {
      const [, name = ''] = CHECKED.exec(line)!;
      of(name, cell).checks.push(readLine(line.slice(`✓ ${name} · `.length)));
    }
  }
  return [...found.values()];
};

/** What keeps a claim out of the ledger; undefined where nothing does. */
export const faultOf = ({ id, strength, checks, caught, notebook }: Entry): string | undefined => {
  const where = `${notebook}: ${id}`;
  if (checks.length === 0) return `${where} is claimed and not checked`;
  if (caught.length === 0) return `${where} has no wrong statement beside it that is caught`;
  if (strength === 'symbolic' && !checks.some(check => check.engines.length > 1)) {
    return `${where} calls itself symbolic, and no two engines found a difference to be 0`;
  }
  return undefined;
};

/** Which backend the notebook says it ran on; one that says nothing computes on the host alone. */
const backendOf = (notebook: Notebook): string => {
  const text = JSON.stringify(notebook.cells.flatMap(cell => (isCode(cell) ? cell.outputs : [])));
  return /[bB]ackend\W+(tensorflow|webgpu|wasm|cpu)\b/.exec(text)?.[1] ?? 'none, float64 on the host';
};

/** A committed notebook with its text. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly notebook: Notebook;
}

/** The name that git gives to this text: `git log --find-object` has the commit. */
const blobOf = (text: string): string =>
  createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex')
    .slice(0, 12);

const row = (...cells: readonly (string | number)[]): string =>
  `| ${cells.map(cell => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;

const table = (head: readonly string[], rows: readonly string[]): string[] => [
  row(...head),
  `|${'---|'.repeat(head.length)}`,
  ...rows,
];

const claimRow = (entry: Entry): string => {
  const engines = [...new Set(entry.checks.flatMap(check => check.engines))].join(', ');
  const tests = (places[entry.id]?.tests ?? []).map(test => `[${test}](../test/lib/${test}.test.ts)`);
  return row(
    entry.id,
    entry.says,
    entry.source,
    engines === '' ? entry.strength : `${entry.strength} (${engines})`,
    entry.checks.length,
    entry.caught.join('; '),
    `[${entry.notebook.replace(/\.ipynb$/, '')}](${entry.notebook}), cell ${entry.cell}`,
    tests.join(', '),
  );
};

/** The ledger as a page of Markdown: a row for each claim, then every check with its figures, then what ran. */
export const ledgerPage = (sources: readonly Source[]): string => {
  const entries = sources.flatMap(({ file, notebook }) => claimsOf(file, notebook));
  const head = ['id', 'claim', 'source', 'strength', 'checks', 'wrong on purpose, and caught', 'where', 'test of lib'];
  const misprint = ({ id }: Entry): boolean => id.startsWith('M');
  const figures = entries.flatMap(({ id, checks }) =>
    checks.map(({ what, measured, tolerance }) => row(id, what, measured, tolerance)),
  );
  const ran = sources.map(({ file, text, notebook }) =>
    row(`[${file.replace(/\.ipynb$/, '')}](${file})`, backendOf(notebook), `\`${blobOf(text)}\``),
  );
  return [
    '# Claims',
    '',
    'What the notebooks claim, as their committed outputs prove it. `make claims` writes this page; `make test` fails where it differs from the notebooks, where a claim has no check, no wrong statement that was caught, or calls itself stronger than what ran, and where a claim of [the list](proof/places.ts) is missing. Symbolic claims are proved by two computer algebra systems; `make test` has SymPy prove them as well, where Python is there.',
    '',
    ...table(head, entries.filter(entry => !misprint(entry)).map(claimRow)),
    '',
    '## Misprints',
    '',
    'What is found in print fails the check that the right form passes.',
    '',
    ...table(head, entries.filter(misprint).map(claimRow)),
    '',
    '## Every check',
    '',
    ...table(['id', 'check', 'measured', 'expected'], figures),
    '',
    '## What ran',
    '',
    'Each notebook is named by its text as git does: `git log --find-object=…` has the commit.',
    '',
    ...table(['notebook', 'backend', 'text'], ran),
    '',
  ].join('\n');
};
