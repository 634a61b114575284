import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeAtomic } from '../files/atomic.js';
import { parseNotebook } from '../kernel/runner/parse-notebook.js';
import { claimsOf, type Entry, faultOf, ledgerPage } from '../proof/ledger.js';

const folder = fileURLToPath(new URL('../', import.meta.url));
/** Where the ledger is kept. */
export const LEDGER = join(folder, 'CLAIMS.md');

/** The claims of all committed notebooks, in their order. */
export const allClaims = (): Entry[] =>
  readdirSync(folder)
    .filter(name => name.endsWith('.ipynb'))
    .sort()
    .flatMap(name => claimsOf(name, parseNotebook(readFileSync(join(folder, name), 'utf8'), name)));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const entries = allClaims();
  const faults = entries.flatMap(entry => faultOf(entry) ?? []);
  if (faults.length > 0) {
    console.error(faults.join('\n'));
    process.exitCode = 1;
  } else {
    writeAtomic(LEDGER, ledgerPage(entries));
    console.log(
      `${entries.length} claims, ${entries.reduce((n, e) => n + e.checks.length, 0)} checks: notebooks/CLAIMS.md`,
    );
  }
}
