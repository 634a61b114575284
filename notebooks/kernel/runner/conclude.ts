import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomic } from '../../files/atomic.js';
import { writeReport } from './html/write-report.js';
import { before, type EarlierRun, readEarlier, regressions, withRuns } from './record/earlier.js';
import type { Environment } from './record/environment.js';
import { junit } from './record/junit.js';
import type { NotebookRun } from './record/result-types.js';
import { repeated, resultsJson } from './record/results.js';
import { worst } from './verdict.js';

/** What the program says by its exit code. */
export const EXIT = { ok: 0, failed: 1, usage: 2, timeout: 3, broken: 4, mismatch: 5, budget: 6 } as const;

export interface Conclusion {
  readonly output: string;
  readonly junit?: string;
  /** The kernel's package. */
  readonly home: string;
  readonly about: Environment;
}

/** Returns what was known before these runs, and names what takes more than it used to. */
const remember = async ({ output, about }: Conclusion, runs: readonly NotebookRun[]): Promise<EarlierRun[]> => {
  const file = join(output, 'history.jsonl');
  const earlier = readEarlier(await readFile(file, 'utf8').catch(() => ''));
  writeAtomic(file, withRuns(earlier, runs, about));
  for (const each of runs.flatMap(run => regressions(run, before(run, earlier, about)))) {
    console.log(`more than usual: ${each}`);
  }
  return earlier;
};

/** Writes what is said of all runs together. Returns the exit code. */
export const conclude = async (conclusion: Conclusion, runs: readonly NotebookRun[]): Promise<number> => {
  const { output, home, about } = conclusion;
  writeAtomic(join(output, 'results.json'), resultsJson(runs, about));
  for (const name of repeated(runs)) console.error(`two results are named “${name}”: give them names of their own`);
  if (conclusion.junit) writeAtomic(conclusion.junit, junit(runs));
  const earlier = await remember(conclusion, runs);
  const { file, problems } = await writeReport({ runs, environment: about, earlier, output, home });
  for (const problem of new Set(problems)) console.error(`not shown as written: ${problem}`);
  console.log(`report: ${file}`);
  return EXIT[worst(runs)];
};
