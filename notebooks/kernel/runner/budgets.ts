import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { bytes, duration, nameOf } from './record/describe.js';
import { type Cell, tagsOf } from './record/nbformat.js';
import type { CellRun, NotebookRun } from './record/result-types.js';
import { worst } from './verdict.js';

/** The most that something may take. */
interface Limit {
  readonly seconds?: number;
  /** Bytes. */
  readonly memory?: number;
}

/** Of one notebook, of each of its cells, and of single cells by id, which go before. */
interface NotebookBudget extends Limit {
  readonly cell?: Limit;
  readonly cells?: Readonly<Record<string, Limit>>;
}

/** By the names of notebooks; `*` holds for all, and gives way to a notebook's own. */
export type Budgets = Readonly<Record<string, NotebookBudget>>;

const UNITS: Readonly<Record<string, number>> = { kB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

const amount = (text: unknown, where: string): number => {
  const [, digits, unit = ''] = /^\s*([\d.]+)\s*([kKMG]i?B)?\s*$/.exec(String(text)) ?? [];
  const value = Number(digits) * (UNITS[unit] ?? 1);
  if (value > 0) return value;
  throw new Error(`${where}: ${String(text)} is no amount of memory; give one such as 500 MB`);
};

const time = (value: unknown, where: string): number => {
  if (Number(value) > 0) return Number(value);
  throw new Error(`${where}: ${String(value)} is no time; give seconds`);
};

type Members = Readonly<Record<string, unknown>>;

const members = (value: unknown, where: string, known: readonly string[] = []): Members => {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new Error(`${where}: give names and limits`);
  const stray = known.length > 0 && Object.keys(value).find(name => !known.includes(name));
  if (stray) throw new Error(`${where}: ${stray} is not known; give ${known.join(', ')}`);
  return value as Members;
};

const LIMITS = ['seconds', 'memory'];

const limit = ({ seconds, memory }: Members, where: string): Limit => ({
  ...(seconds !== undefined && { seconds: time(seconds, where) }),
  ...(memory !== undefined && { memory: amount(memory, where) }),
});

const mapped = <T>(value: unknown, where: string, one: (value: unknown, where: string) => T): Record<string, T> =>
  Object.fromEntries(
    Object.entries(members(value, where)).map(([name, each]) => [name, one(each, `${where}, ${name}`)]),
  );

const cellLimit = (value: unknown, where: string): Limit => limit(members(value, where, LIMITS), where);

const notebookBudget = (value: unknown, where: string): NotebookBudget => {
  const all = members(value, where, [...LIMITS, 'cell', 'cells']);
  return {
    ...limit(all, where),
    ...(all.cell !== undefined && { cell: cellLimit(all.cell, `${where}, cell`) }),
    ...(all.cells !== undefined && { cells: mapped(all.cells, `${where}, cells`, cellLimit) }),
  };
};

/** Reads a file of budgets, YAML or JSON. @throws Error that names the place and what would do */
export const readBudgets = (file: string): Budgets => {
  const document = parseDocument(readFileSync(file, 'utf8'));
  const [error] = document.errors;
  if (error) throw new Error(`${file}: ${error.message.split('\n')[0]}`);
  return mapped(document.toJS(), file, notebookBudget);
};

/** The tags `seconds=5` and `memory=500MB`. */
const tagged = (cell: Cell): Limit => {
  const tag = (name: string) =>
    tagsOf(cell)
      .find(each => each.startsWith(`${name}=`))
      ?.slice(name.length + 1);
  return limit({ seconds: tag('seconds'), memory: tag('memory') }, `cell ${cell.id}, its tags`);
};

const excess = (
  took: { milliseconds: number; memory?: number | undefined },
  { seconds, memory }: Limit,
): string | undefined => {
  const over = [
    ...(seconds !== undefined && took.milliseconds > 1000 * seconds
      ? [`it took ${duration(took.milliseconds)}, and may take ${duration(1000 * seconds)}`]
      : []),
    ...(memory !== undefined && (took.memory ?? 0) > memory
      ? [`it held ${bytes(took.memory!)} in memory, and may hold ${bytes(memory)}`]
      : []),
  ];
  return over.length > 0 ? `over its budget: ${over.join('; ')}` : undefined;
};

/** The run, failed where it took more than it may. */
export const withBudgets = (run: NotebookRun, budgets: Budgets): NotebookRun => {
  const own = [budgets['*'], budgets[nameOf(run.source ?? run.file)]].map(each => each ?? {});
  const cells = run.cells.map((ran): CellRun => {
    const cell = run.notebook.cells[ran.index];
    if (ran.status !== 'ok' || cell === undefined) return ran;
    const reason = excess(
      ran,
      Object.assign({}, ...own.flatMap(each => [each.cell, each.cells?.[cell.id]]), tagged(cell)),
    );
    return reason === undefined ? ran : { ...ran, status: 'budget', reason };
  });
  const { milliseconds, provenance } = run;
  const whole =
    run.status === 'ok'
      ? excess({ milliseconds, memory: provenance.peakMemory }, Object.assign({}, ...own))
      : undefined;
  const status = worst([run, ...cells, ...(whole ? [{ status: 'budget' as const }] : [])]);
  return { ...run, cells, status, ...(whole && { reason: whole }) };
};
