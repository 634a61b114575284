import { stripVTControlCharacters } from 'node:util';
import { bytes, cellNumber, duration, failure, nameOf } from './record/describe.js';
import type { NotebookRun } from './record/result-types.js';
import type { Watcher } from './watcher.js';

/** Where progress goes: a terminal that can rewrite its line, or a log. */
export interface Screen {
  readonly live: boolean;
  readonly columns: number;
  write(text: string): void;
}

interface Current {
  done: number;
  count: number;
  cell: number;
  since: number;
  said: string;
}

const MARKS = { ok: '✓', budget: '≠', mismatch: '≠', failed: '✗', timeout: '⏱', broken: '✗' } as const;

const summary = (run: NotebookRun): string => {
  const slowest = run.cells.reduce((a, b) => (b.milliseconds > a.milliseconds ? b : a), run.cells[0]!);
  if (run.reused)
    return `= ${nameOf(run.file)}   unchanged since ${run.started.toISOString().slice(0, 16).replace('T', ' ')}`;
  const parts = [`${MARKS[run.status]} ${nameOf(run.file)}`, `${run.cells.length} cells`, duration(run.milliseconds)];
  if (run.lost) parts.push(`after ${run.lost.length} lost kernel${run.lost.length > 1 ? 's' : ''}: ${run.lost.at(-1)}`);
  if (run.provenance.peakMemory) parts.push(`peak ${bytes(run.provenance.peakMemory)}`);
  if (slowest && run.cells.length > 1)
    parts.push(`slowest: cell ${cellNumber(slowest)}, ${duration(slowest.milliseconds)}`);
  return parts.join('   ');
};

const failures = (run: NotebookRun): string[] => [
  ...run.cells.filter(cell => cell.status !== 'ok').map(cell => `\n${failure(run, cell)}\n`),
  ...(run.reason ? [`\n${run.file}: ${run.reason}\n`] : []),
];

/** Enough for a line of a terminal. */
const LOOKED_AT = 4096;

const lastLine = (text: string): string =>
  stripVTControlCharacters(text.slice(-LOOKED_AT))
    .split(/[\r\n]+/)
    .filter(line => line.trim() !== '')
    .at(-1) ?? '';

/** One line for each notebook under way, rewritten in place. */
const line = (file: string, { done, count, cell, since, said }: Current): string =>
  `${nameOf(file)}  ${done}/${count}  cell ${cell}  ${duration(performance.now() - since)}${said ? `  ${said}` : ''}`;

const QUIET_MS = 30_000;

/** A watcher that writes progress and time per cell, and a function that ends it. */
export const createProgress = (screen: Screen): { watcher: Watcher; end(): void } => {
  const current = new Map<string, Current>();
  const draw = () => {
    const text = [...current].map(([file, state]) => line(file, state)).join('   ');
    screen.write(`\r\x1b[2K${text.slice(0, screen.columns - 1)}`);
  };
  const note = (text: string) => screen.write(screen.live ? `\r\x1b[2K${text}\n` : `${text}\n`);
  // A log gets a sign of life now and then; a terminal several times a second.
  const beat = () => {
    if (screen.live) draw();
    else for (const [file, state] of current) note(`  … ${line(file, state)}`);
  };
  const timer = setInterval(beat, screen.live ? 120 : QUIET_MS);
  timer.unref();
  const watcher: Watcher = {
    started: (file, count) => current.set(file, { done: 0, count, cell: 0, since: performance.now(), said: '' }),
    cellStarted(file, done, _cell, index) {
      const state = current.get(file);
      if (state) Object.assign(state, { done, cell: index + 1, since: performance.now(), said: '' });
    },
    wrote(file, text) {
      const state = current.get(file);
      if (state) state.said = lastLine(text) || state.said;
    },
    cellEnded(file, run) {
      const state = current.get(file);
      if (screen.live || !state) return;
      note(
        `  ${nameOf(file)}  ${state.done + 1}/${state.count}  cell ${cellNumber(run)}  ${duration(run.milliseconds)}`,
      );
    },
    ended(run) {
      current.delete(run.file);
      note([summary(run), ...failures(run)].join('\n'));
    },
  };
  return {
    watcher,
    end() {
      clearInterval(timer);
      if (screen.live) screen.write('\r\x1b[2K');
    },
  };
};
