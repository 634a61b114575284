import { createHash } from 'node:crypto';
import { bytes, duration, nameOf } from './describe.js';
import type { Environment } from './environment.js';
import type { NotebookRun } from './result-types.js';

/** What is kept of a run, so that later ones can be held against it. One line of JSON each. */
export interface EarlierRun {
  readonly date: string;
  readonly file: string;
  /** A digest of machine, Node, variables, parameters and backend: only equals are compared. */
  readonly conditions: string;
  readonly seconds: number;
  readonly memory?: number;
  /** Seconds by the ids of cells. */
  readonly cells: Readonly<Record<string, number>>;
}

/** So many are kept of each notebook under the same conditions. */
const KEPT = 50;

const conditionsOf = ({ parameters, provenance: { backend } }: NotebookRun, about: Environment): string => {
  const { machine, threads, variables, versions } = about;
  const all = JSON.stringify([machine, threads, variables, versions.node, parameters, backend]);
  return createHash('sha256').update(all).digest('hex').slice(0, 12);
};

/** Undefined for one that says nothing about how long it takes. */
const kept = (run: NotebookRun, about: Environment): EarlierRun | undefined => {
  if (run.reused || !(run.status === 'ok' || run.status === 'budget' || run.status === 'mismatch')) return undefined;
  const { peakMemory } = run.provenance;
  return {
    date: run.started.toISOString(),
    file: nameOf(run.file),
    conditions: conditionsOf(run, about),
    seconds: run.milliseconds / 1000,
    ...(peakMemory && { memory: peakMemory }),
    cells: Object.fromEntries(
      run.cells.map(({ index, milliseconds }) => [run.notebook.cells[index]!.id, milliseconds / 1000]),
    ),
  };
};

const isSame = (a: EarlierRun, b: EarlierRun): boolean => a.file === b.file && a.conditions === b.conditions;

/** Reads the lines; one that is none, of an older form or cut off, is passed over. */
export const readEarlier = (text: string): EarlierRun[] =>
  text.split('\n').flatMap(line => {
    try {
      const run = JSON.parse(line) as EarlierRun;
      return typeof run.seconds === 'number' && run.cells ? [run] : [];
    } catch {
      return [];
    }
  });

/** The lines with these runs behind them. */
export const withRuns = (earlier: readonly EarlierRun[], runs: readonly NotebookRun[], about: Environment): string => {
  const all = [...earlier, ...runs.flatMap(run => kept(run, about) ?? [])];
  const younger = (run: EarlierRun, at: number) => all.slice(at + 1).filter(each => isSame(each, run)).length;
  return all
    .filter((run, at) => younger(run, at) < KEPT)
    .map(run => `${JSON.stringify(run)}\n`)
    .join('');
};

/** The earlier runs of a notebook under the conditions of this one, oldest first. */
export const before = (run: NotebookRun, earlier: readonly EarlierRun[], about: Environment): EarlierRun[] => {
  const conditions = conditionsOf(run, about);
  return earlier.filter(each => each.file === nameOf(run.file) && each.conditions === conditions);
};

/** So many earlier runs it takes to know what is usual. */
const ENOUGH = 3;
const USUAL = { seconds: { factor: 1.5, least: 1 }, memory: { factor: 1.3, least: 100e6 } } as const;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** More than ever, and clearly more than usual. */
const worse = (now: number, then: readonly number[], { factor, least }: { factor: number; least: number }): boolean => {
  const usual = median(then);
  return then.length >= ENOUGH && now > Math.max(...then) && now > factor * usual && now > usual + least;
};

/** What takes clearly more time or memory than under the same conditions before, in words. */
export const regressions = (run: NotebookRun, earlier: readonly EarlierRun[]): string[] => {
  if (run.reused || earlier.length < ENOUGH) return [];
  const name = nameOf(run.file);
  const times = earlier.map(({ seconds }) => seconds);
  const memories = earlier.flatMap(({ memory }) => memory ?? []);
  const { peakMemory = 0 } = run.provenance;
  const said = (what: string, now: string, then: string) => `${name}${what}: ${now}, usually ${then}`;
  return [
    ...run.cells.flatMap(({ index, milliseconds }) => {
      const then = earlier.flatMap(({ cells }) => cells[run.notebook.cells[index]!.id] ?? []);
      if (!worse(milliseconds / 1000, then, USUAL.seconds)) return [];
      return [said(`, cell ${index + 1}`, duration(milliseconds), duration(1000 * median(then)))];
    }),
    ...(worse(run.milliseconds / 1000, times, USUAL.seconds)
      ? [said('', duration(run.milliseconds), duration(1000 * median(times)))]
      : []),
    ...(worse(peakMemory, memories, USUAL.memory) ? [said('', bytes(peakMemory), bytes(median(memories)))] : []),
  ];
};
