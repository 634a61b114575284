/**
 * make mutants: plants faults that rules make in lib, chosen by a seed, and shows each to the tests and notebooks that
 * are nearest to it. Prints the survivors. `--count 200 --seed 1` plants others, a path those of some files; with
 * `--notebooks` what passes all tests is shown to a notebook as well, which takes a minute.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lineOf, listed, unused } from './equivalent.js';
import { type Garden, openGarden, type Verdict } from './garden.js';
import { nearestTo } from './nearest.js';
import { type Mutant, mutantsOf, rules } from './rules.js';

type Fate = 'caught' | 'equivalent' | 'survived' | 'does not run';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '100' },
    seed: { type: 'string', default: '0' },
    notebooks: { type: 'boolean', default: false },
  },
});
const count = Number(values.count);
const texts = new Map(
  readdirSync('lib', { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && (positionals.length === 0 || positionals.some(p => name.includes(p))))
    .map(name => [name, readFileSync(join('lib', name), 'utf8')]),
);
const textOf = ({ file }: Mutant): string => texts.get(file)!;

/** A number that depends on the fault and the seed alone, so that edits elsewhere leave the choice as it is. */
const rank = (mutant: Mutant): string =>
  createHash('sha256')
    .update([values.seed, mutant.rule, mutant.file, lineOf(textOf(mutant), mutant), mutant.right].join('\n'))
    .digest('hex');

/** One fault of each rule, then a second of each, and so on. */
const queue = (): Mutant[] => {
  const all = [...texts].flatMap(([file, text]) => mutantsOf(file, text));
  const byRule = rules.map(({ name }) =>
    all
      .filter(({ rule }) => rule === name)
      .map(mutant => ({ mutant, at: rank(mutant) }))
      .sort((a, b) => (a.at < b.at ? -1 : 1)),
  );
  const rounds = Math.max(...byRule.map(list => list.length));
  return Array.from({ length: rounds }, (_, i) => byRule.flatMap(list => list[i]?.mutant ?? [])).flat();
};

const waiting = queue();
const nearest = nearestTo();
const tally = new Map<string, Record<Fate, number>>();
const survivors: string[] = [];
const wronglyListed: string[] = [];
let [decided, running] = [0, 0];

type Look = (garden: Garden) => Promise<Verdict>;

/** What tests say of the library as it is: those that fail without a fault catch none. */
const sound = new Map<string, Promise<Verdict>>();
const soundness = (name: string, look: Look, garden: Garden): Promise<Verdict> => {
  if (!sound.has(name)) sound.set(name, look(garden));
  return sound.get(name)!;
};

/** The nearest test, then the others together, then the notebook where one was asked for. */
const witnesses = ({ file }: Mutant): [name: string, look: Look][] => {
  const { tests, notebooks } = nearest(file);
  const [first, ...others] = tests;
  const groups = [first === undefined ? [] : [first], others].filter(group => group.length > 0);
  const asked = values.notebooks ? notebooks : [];
  return [
    ...groups.map((group): [string, Look] => [group.join(' '), garden => garden.test(group)]),
    ...asked.map((notebook): [string, Look] => [notebook, garden => garden.read(notebook)]),
  ];
};

async function tryOn(garden: Garden, mutant: Mutant): Promise<{ fate: Fate; said: string }> {
  const entry = listed(mutant, textOf(mutant));
  const looked: string[] = [];
  for (const [name, look] of witnesses(mutant)) {
    const { passed, ran, said } = await garden.withFault(mutant, () => look(garden));
    if (!ran) return { fate: 'does not run', said };
    if (!passed && (await soundness(name, look, garden)).passed) return { fate: 'caught', said: `${name}: ${said}` };
    looked.push(name);
  }
  return entry ? { fate: 'equivalent', said: entry.because } : { fate: 'survived', said: looked.join(' ') };
}

async function work(garden: Garden): Promise<void> {
  while (decided + running < count) {
    const mutant = waiting.shift();
    if (!mutant) return;
    running++;
    const began = performance.now();
    const { fate, said } = await tryOn(garden, mutant);
    running--;
    const name = `lib/${mutant.file}:${mutant.line}, ${mutant.rule}: ${mutant.right} → ${mutant.wrong}`;
    if (fate === 'does not run') continue;
    decided++;
    const row = tally.get(mutant.rule) ?? { caught: 0, equivalent: 0, survived: 0, 'does not run': 0 };
    tally.set(mutant.rule, { ...row, [fate]: row[fate] + 1 });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`${{ caught: '✓', equivalent: '=', survived: '✗' }[fate]} ${name} (${seconds} s)\n    ${said}`);
    if (fate === 'survived') survivors.push(`${name}\n    ${lineOf(textOf(mutant), mutant)}`);
    if (fate === 'caught' && listed(mutant, textOf(mutant))) wronglyListed.push(name);
  }
}

console.log(
  `${waiting.length} faults by ${rules.length} rules; ${Math.min(count, waiting.length)} of them, seed ${values.seed}`,
);
const gardens = [openGarden(), openGarden()];
try {
  await Promise.all(gardens.map(work));
} finally {
  for (const garden of gardens) garden.remove();
}
const rows = [...tally].map(([rule, row]) => ({
  rule,
  planted: row.caught + row.equivalent + row.survived,
  caught: row.caught,
  equivalent: row.equivalent,
  survivors: row.survived,
}));
console.log('\n| rule | planted | caught | equivalent | survivors |\n|---|---|---|---|---|');
const cells = (row: object): string => `| ${Object.values(row).join(' | ')} |`;
for (const row of rows) console.log(cells(row));
const total = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((n, row) => n + of(row), 0);
console.log(
  cells(['all', ...[total(r => r.planted), total(r => r.caught), total(r => r.equivalent), total(r => r.survivors)]]),
);
for (const [file, verdict] of sound) {
  const { passed, said } = await verdict;
  if (!passed) console.log(`left out, as it fails without a fault: ${file}: ${said}`);
}
for (const name of survivors) console.log(`survived: ${name}`);
for (const name of wronglyListed) console.log(`listed as equivalent, and caught: ${name}`);
for (const { file, right } of unused()) console.log(`listed as equivalent, and not in lib/${file}: ${right}`);
if (survivors.length + wronglyListed.length + unused().length > 0) process.exitCode = 1;
