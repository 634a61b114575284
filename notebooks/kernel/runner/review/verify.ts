import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { findProject } from '../../project/project.js';
import { parseNotebook } from '../parse-notebook.js';
import { codeDigest, outputsDigest } from '../record/digests.js';
import { type Environment, environment } from '../record/environment.js';
import type { Notebook } from '../record/nbformat.js';
import { type Origin, readOrigin } from '../record/provenance.js';

/** One fact of an executed notebook, held against what is found now. */
export interface Finding {
  readonly fact: string;
  readonly recorded: string;
  /** Undefined where it cannot be found out any more. */
  readonly now: string | undefined;
}

export const differs = ({ recorded, now }: Finding): boolean => now !== undefined && now !== recorded;

const short = (digest: string | undefined): string => digest?.slice(0, 12) ?? 'none';

/** In an order of its own: a file has its keys in another one. */
const list = (record: Readonly<Record<string, string>>): string =>
  Object.entries(record)
    .map(([name, value]) => `${name} ${value}`)
    .sort()
    .join(', ') || 'none';

const FACTS: readonly (readonly [string, (about: Environment) => string])[] = [
  ['commit', ({ commit, dirty }) => `${short(commit)}${dirty ? ', with uncommitted changes' : ''}`],
  ['lock file', ({ lock }) => short(lock)],
  ['versions', ({ versions }) => list(versions)],
  ['machine', ({ machine }) => machine],
  ['threads', ({ threads }) => threads],
  ['environment', ({ variables }) => list(variables)],
];

/** The code that the notebook has now where it was read, seen from the folder in which the run was started. */
const codeNow = ({ file, source = file }: Origin): string | undefined =>
  existsSync(source) ? codeDigest(parseNotebook(readFileSync(source, 'utf8'), source)) : undefined;

const facts = (executed: Notebook, origin: Origin): Finding[] => {
  const { root } = findProject(dirname(resolve(origin.source ?? origin.file)));
  const now = environment(root, {});
  const code = codeNow(origin);
  return [
    { fact: 'outputs', recorded: short(origin.outputs), now: short(outputsDigest(executed)) },
    { fact: 'code', recorded: short(origin.code), now: short(codeDigest(executed)) },
    { fact: `code of ${origin.source ?? origin.file}`, recorded: short(origin.code), now: code && short(code) },
    ...FACTS.map(([fact, of]) => ({ fact, recorded: of(origin.environment), now: of(now) })),
  ];
};

/**
 * Holds what an executed notebook says of its run against its own outputs, its source and this machine.
 * @throws Error for a notebook that no run has written
 */
export const verify = (file: string): Finding[] => {
  const executed = parseNotebook(readFileSync(file, 'utf8'), file);
  const origin = readOrigin(executed);
  if (origin) return facts(executed, origin);
  throw new Error(
    `${file} does not say where it comes from: give a notebook that tsnb run has written, such as those in report/`,
  );
};

const USAGE = `tsnb verify NOTEBOOK…

Holds executed notebooks, as tsnb run has written them, to what they say of themselves: whether outputs and code are
still those of the run, whether the notebook that was read has the same code now, and whether commit, lock file,
versions, machine, threads and environment are those of today. It executes nothing: tsnb run --compare does.
Run it where the run was started. Exit code: 0 all as recorded, 2 wrong usage, 5 something differs.
`;

const line = (finding: Finding): string => {
  const { fact, recorded, now } = finding;
  if (now === undefined) return `  ? ${fact}: ${recorded}, not here any more`;
  return differs(finding) ? `  ≠ ${fact}: ${recorded} then, ${now} now` : `  ✓ ${fact}: ${recorded}`;
};

/** `tsnb verify`. Returns the exit code. */
export const main = (files: readonly string[]): number => {
  if (files.length === 0 || files.some(file => file.startsWith('-'))) {
    console.log(USAGE);
    return files.includes('--help') || files.includes('-h') ? 0 : 2;
  }
  let code = 0;
  for (const file of files) {
    const findings = verify(file);
    console.log([file, ...findings.map(line)].join('\n'));
    if (findings.some(differs)) code = 5;
  }
  return code;
};
