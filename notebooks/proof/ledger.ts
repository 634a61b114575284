import type { Notebook } from '../kernel/runner/record/nbformat.js';
import { isCode } from '../kernel/runner/record/nbformat.js';
import type { Strength } from './claim.js';

/** One line that a check has printed. */
export interface Line {
  readonly what: string;
  /** What was measured and how far off it may be, or the expression that is 0. */
  readonly found: string;
  readonly symbolic: boolean;
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

const printedLines = (notebook: Notebook): { cell: number; line: string }[] =>
  notebook.cells.flatMap((cell, i) =>
    isCode(cell)
      ? cell.outputs.flatMap(output =>
          output.output_type === 'stream'
            ? String([output.text].flat().join(''))
                .split('\n')
                .map(line => ({ cell: i + 1, line }))
            : [],
        )
      : [],
  );

/** What follows the last ': ' before the figures: a description may hold colons of its own. */
const split = (text: string): [what: string, found: string] => {
  const at = text.search(/: (left − right|[^:]*, (expected|at most|at least) )/);
  return [text.slice(0, at), text.slice(at + 2)];
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
      const [what, figures] = split(line.slice(`✓ ${name} · `.length));
      of(name, cell).checks.push({ what, found: figures, symbolic: figures.startsWith('left − right') });
    }
  }
  return [...found.values()];
};

/** What keeps a claim out of the ledger; undefined where nothing does. */
export const faultOf = ({ id, strength, checks, caught, notebook }: Entry): string | undefined => {
  const where = `${notebook}: ${id}`;
  if (checks.length === 0) return `${where} is claimed and not checked`;
  if (caught.length === 0) return `${where} has no wrong statement beside it that is caught`;
  if (strength === 'symbolic' && !checks.some(check => check.symbolic)) {
    return `${where} calls itself symbolic, and no expression was found to be 0`;
  }
  return undefined;
};

const cellText = (text: string): string => text.replaceAll('|', '\\|');

/** The ledger as a page of Markdown: a row for each claim, then every check with its figures. */
export const ledgerPage = (entries: readonly Entry[]): string => {
  const link = ({ notebook, cell }: Entry) => `[${notebook.replace(/\.ipynb$/, '')}](${notebook}), cell ${cell}`;
  const rows = entries.map(
    entry =>
      `| ${entry.id} | ${cellText(entry.says)} | ${cellText(entry.source)} | ${entry.strength} | ${entry.checks.length} | ${cellText(entry.caught.join('; '))} | ${link(entry)} |`,
  );
  const figures = entries.flatMap(({ id, checks }) =>
    checks.map(({ what, found }) => `| ${id} | ${cellText(what)} | ${cellText(found)} |`),
  );
  return [
    '# Claims',
    '',
    'What the notebooks claim, as their committed outputs prove it. `make claims` writes this page; `make test` fails where it differs from the notebooks, where a claim has no check, no wrong statement that was caught, or calls itself stronger than what ran.',
    '',
    '| id | claim | source | strength | checks | wrong on purpose, and caught | where |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
    '## Every check',
    '',
    '| id | check | measured |',
    '|---|---|---|',
    ...figures,
    '',
  ].join('\n');
};
