import { existsSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeAtomic } from '../../files/atomic.js';
import { findProject } from '../project/project.js';
import { withBudgets } from './budgets.js';
import { outputsDiffer } from './compare.js';
import { conclude, EXIT } from './conclude.js';
import { refuseForeign } from './foreign.js';
import { createGrowing } from './growing.js';
import { ownKernel } from './launch.js';
import { type Options, readOptions, UsageError } from './options.js';
import { withParameters } from './parameters/variants.js';
import { createProgress, type Screen } from './progress.js';
import { annotations } from './record/annotations.js';
import { type Environment, environment } from './record/environment.js';
import { withOrigin } from './record/provenance.js';
import type { Loaded, NotebookRun } from './record/result-types.js';
import { load, runAll } from './run-all.js';
import type { Review } from './run-notebook.js';
import { createMemory } from './unchanged.js';
import { USAGE } from './usage.js';
import { both, type Watcher } from './watcher.js';
import { cleanText, recordText } from './write-notebook.js';

const screen = (): Screen => ({
  live: process.stdout.isTTY === true && !process.env.CI,
  columns: process.stdout.columns ?? 100,
  write: text => process.stdout.write(text),
});

const placeIn = ({ output }: Options, file: string): string => join(output, basename(file));

/** A notebook that lies where it is written to keeps its outputs until there are new ones. */
const growing = (options: Options): Watcher =>
  createGrowing((file, notebook) => {
    const place = placeIn(options, file);
    if (resolve(place) !== resolve(file)) writeAtomic(place, cleanText(notebook));
  });

const keep = async (options: Options, about: Environment, run: NotebookRun, { file, json }: Loaded): Promise<void> => {
  writeAtomic(placeIn(options, file), recordText(withOrigin(run, about)));
  if (options.inPlace && run.status === 'ok') writeAtomic(file, cleanText(run.notebook));
  if (process.env.GITHUB_ACTIONS) for (const line of annotations(run, json)) console.log(line);
};

const execute = async (
  options: Options,
  notebooks: readonly Loaded[],
  home: string,
  abort: AbortSignal,
): Promise<number> => {
  const about = environment(findProject(dirname(resolve(notebooks[0]!.file))).root, options.env);
  const progress = createProgress(screen());
  const command = options.kernel ?? ownKernel(home);
  const { compare, twice } = options;
  // What another interpreter may load is not known here.
  const changed = options.changed && command[0] === process.execPath;
  if (options.changed && !changed) console.error('--changed: only kernels of this Node are known; everything runs');
  const review: Review | undefined = compare && ((before, outputs) => outputsDiffer(before, outputs, compare));
  const runs = await runAll(
    notebooks,
    {
      command,
      ...(review && { review }),
      twice,
      abort,
      judge: run => withBudgets(run, options.budgets),
      ...(changed && {
        memory: createMemory({
          home,
          command,
          variables: about.variables,
          written: [
            ...['results.json', 'history.jsonl', 'index.html'].map(name => join(options.output, name)),
            ...(options.junit ? [options.junit] : []),
          ],
        }),
      }),
      // Nobody has typed these cells: they are no history of anybody's.
      env: { TSNB_HISTORY: '', ...process.env, ...options.env },
      limits: { cell: options.cellLimit, total: options.totalLimit },
      jobs: options.jobs,
      retries: options.retries,
    },
    both(progress.watcher, growing(options)),
    (run, loaded) => keep(options, about, run, loaded),
  ).finally(progress.end);
  return conclude({ ...options, home, about }, runs);
};

/** The package around this file, from source as well as from a bundle. */
const packageHome = (): string => {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, 'package.json')) && at !== dirname(at)) at = dirname(at);
  return at;
};

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * The first signal stops the run and lets what is there be written, a second one leaves at once. Kernels are in
 * process groups of their own: a Ctrl-C does not reach them, so they are ended from here.
 */
const onSignals = (): { abort: AbortSignal; code(): number | undefined } => {
  const controller = new AbortController();
  let code: number | undefined;
  for (const [name, value] of Object.entries(SIGNALS)) {
    process.on(name, () => {
      if (code !== undefined) process.exit(value);
      code = value;
      controller.abort();
    });
  }
  return { abort: controller.signal, code: () => code };
};

const complain = (error: unknown): void => console.error(`tsnb run: ${(error as Error).message}`);

/** @throws UsageError before anything runs whose report could not be written */
const writable = (output: string): void => {
  const probe = join(output, `writable.${process.pid}.partial`);
  try {
    writeAtomic(probe, '');
    rmSync(probe);
  } catch (error) {
    throw new UsageError(`--output ${output}: ${(error as Error).message}; give a folder that can be written`);
  }
};

/** `tsnb run`. Returns the exit code. @param home the package's directory. */
export const main = async (args: readonly string[], home = packageHome()): Promise<number> => {
  let options: Options;
  let notebooks: readonly Loaded[];
  try {
    options = readOptions(args);
    if (options.help) {
      console.log(USAGE);
      return EXIT.ok;
    }
    notebooks = await load(options.notebooks);
    if (!options.kernel) notebooks.forEach(refuseForeign);
    const { index, count } = options.shard;
    notebooks = withParameters(notebooks, options.parameters).filter((_, i) => i % count === index);
    if (notebooks.length === 0) {
      console.log(`shard ${index + 1}/${count} has no notebook`);
      return EXIT.ok;
    }
    writable(options.output);
  } catch (error) {
    complain(error);
    if (error instanceof UsageError) console.error('see tsnb run --help');
    return EXIT.usage;
  }
  const signals = onSignals();
  try {
    const code = await execute(options, notebooks, home, signals.abort);
    return signals.code() ?? code;
  } catch (error) {
    complain(error);
    return EXIT.broken;
  }
};
