import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeAtomic } from '../files/atomic.js';
import { parseNotebook } from '../kernel/runner/parse-notebook.js';
import { claimsOf, faultOf, ledgerPage, type Source } from '../proof/ledger.js';
import { missing } from '../proof/places.js';

const folder = fileURLToPath(new URL('../', import.meta.url));
/** Where the ledger is kept. */
export const LEDGER = join(folder, 'CLAIMS.md');

/** All committed notebooks, in their order. */
export const allNotebooks = (): Source[] =>
  readdirSync(folder)
    .filter(name => name.endsWith('.ipynb'))
    .sort()
    .map(file => {
      const text = readFileSync(join(folder, file), 'utf8');
      return { file, text, notebook: parseNotebook(text, file) };
    });

/** What keeps the ledger from being written: claims that are not proved, and those that are missing. */
export const faultsOf = (sources: readonly Source[]): string[] => {
  const entries = sources.flatMap(({ file, notebook }) => claimsOf(file, notebook));
  const absent = missing(
    entries,
    sources.map(({ file }) => file),
  );
  return [...entries.flatMap(entry => faultOf(entry) ?? []), ...absent.map(place => `${place} is missing`)];
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sources = allNotebooks();
  const faults = faultsOf(sources);
  if (faults.length > 0) {
    console.error(faults.join('\n'));
    process.exitCode = 1;
  } else {
    writeAtomic(LEDGER, ledgerPage(sources));
    const entries = sources.flatMap(({ file, notebook }) => claimsOf(file, notebook));
    console.log(
      `${entries.length} claims, ${entries.reduce((n, e) => n + e.checks.length, 0)} checks: notebooks/CLAIMS.md`,
    );
  }
}
