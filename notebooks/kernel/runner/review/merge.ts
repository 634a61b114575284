import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeAtomic } from '../../../files/atomic.js';
import { conclude } from '../conclude.js';
import { parseNotebook } from '../parse-notebook.js';
import { readRuns } from '../record/read-runs.js';

const USAGE = `tsnb merge [-o DIR] [--junit FILE] REPORT…

Joins the folders that the shards of a run have written into one (default: report): executed notebooks, results.json,
history.jsonl and index.html. Exit code: as tsnb run would have ended with all of them; 2 for wrong usage.
`;

/** `tsnb merge`. Returns the exit code. @param home the package's directory. */
export const main = async (args: readonly string[], home: string): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      output: { type: 'string', short: 'o', default: 'report' },
      junit: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help || positionals.length === 0) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const executed = new Map<string, string>();
  const shards = positionals.map(folder =>
    readRuns(readFileSync(join(folder, 'results.json'), 'utf8'), file => {
      const name = basename(file);
      if (executed.has(name)) throw new Error(`${folder}: ${name} is in another report as well`);
      executed.set(name, readFileSync(join(folder, name), 'utf8'));
      return parseNotebook(executed.get(name)!, file);
    }),
  );
  for (const [name, text] of executed) writeAtomic(join(values.output, name), text);
  const runs = shards.flatMap(shard => shard.runs).sort((a, b) => (a.file < b.file ? -1 : 1));
  const machines = new Set(shards.map(({ environment }) => environment.machine));
  const about = { ...shards[0]!.environment, machine: [...machines].join('; ') };
  return conclude({ output: values.output, home, about, ...(values.junit && { junit: values.junit }) }, runs);
};
