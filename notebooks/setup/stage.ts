import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../files/atomic.js';

/** One idempotent piece of set-up. `key` names everything the result depends on. */
export interface Stage {
  readonly name: string;
  readonly key: () => string;
  /** Does the work and returns one line for the person who waits; throws with one line when it cannot. */
  readonly run: () => Promise<string>;
}

/** What became of a stage, kept in .build/setup so that a second run is quick and the backend report can quote it. */
export interface Outcome {
  readonly key: string;
  readonly ready: boolean;
  readonly note: string;
}

const outcomePath = (root: string, name: string): string => join(root, '.build', 'setup', `${name}.json`);

/** The last outcome of a stage, or undefined where it never ran. */
export const readOutcome = (root: string, name: string): Outcome | undefined => {
  try {
    return JSON.parse(readFileSync(outcomePath(root, name), 'utf8')) as Outcome;
  } catch {
    return undefined;
  }
};

const writeOutcome = (root: string, name: string, outcome: Outcome): void =>
  writeAtomic(outcomePath(root, name), `${JSON.stringify(outcome, null, 2)}\n`);

/**
 * Runs a stage unless its last outcome is ready under the same key. A stage that cannot be done is not fatal: the line
 * says what is missing and what it costs, and it is tried again next time.
 */
export async function settle(root: string, stage: Stage, say: (line: string) => void = console.log): Promise<Outcome> {
  const key = (): string => createHash('sha256').update(stage.key()).digest('hex').slice(0, 16);
  const before = readOutcome(root, stage.name);
  if (before?.ready && before.key === key()) return before;
  let outcome: Outcome;
  try {
    const note = await stage.run();
    outcome = { key: key(), ready: true, note };
  } catch (error) {
    outcome = { key: key(), ready: false, note: error instanceof Error ? error.message : String(error) };
  }
  writeOutcome(root, stage.name, outcome);
  say(`${outcome.ready ? '✓' : '✗'} ${stage.name}: ${outcome.note}`);
  return outcome;
}
