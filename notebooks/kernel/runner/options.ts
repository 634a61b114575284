import { parseArgs } from 'node:util';
import type { Tolerance } from './compare.js';

export interface Options {
  readonly notebooks: readonly string[];
  readonly output: string;
  readonly inPlace: boolean;
  /** Milliseconds for one cell, and for one notebook. */
  readonly cellLimit: number;
  readonly totalLimit: number;
  /** Variables set in the kernel's environment. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly jobs: number;
  readonly junit?: string;
  /** Compare new outputs with those in the notebook, within this tolerance. */
  readonly compare?: Tolerance;
  /** Run each notebook twice and compare exactly. */
  readonly twice: boolean;
  /** Reuse the outputs of notebooks for which nothing has changed. */
  readonly changed: boolean;
  /** Another kernel's command, split at spaces. */
  readonly kernel?: readonly string[];
  readonly help: boolean;
}

export const USAGE = `tsnb run [options] NOTEBOOK…

Executes notebooks with the TypeScript kernel, stops each at its first failing cell, and writes the executed
notebooks, while they run and at the end, results.json and one self-contained index.html.

  -o, --output DIR        where these go (default: report)
      --in-place          rewrite the notebooks themselves with the new outputs as well
      --timeout S         seconds for one cell (default: 1800)
      --total-timeout S   seconds for one notebook (default: 14400)
  -p, --param NAME=VALUE  set a variable of the kernel's environment, such as SCALE=full; repeatable
  -j, --jobs N            notebooks run at the same time (default: 1)
      --compare           compare the outputs with those in the notebooks, numbers within --rtol and --atol
      --rtol X, --atol X  relative and absolute tolerance (default: 1e-5 and 1e-8); the tags rtol=… and atol=… of a
                          cell go before them, the tag volatile leaves a cell out
      --twice             run each notebook twice and name what differs: what is random should be seeded
      --changed           take the outputs of an earlier success where its code, all files of the project and of its
                          packages, the environment and Node are as they were; where a cell asks the network, another
                          program, a folder of the system or a cache, and with --compare or --twice, the notebook
                          runs. A module with the line "// tsnb: pinned" says that checksums settle what it fetches
      --junit FILE        JUnit XML with one case a cell
      --kernel COMMAND    another kernel, for example "python3 -m ipykernel -f {connection_file}"
  -h, --help

Of what a cell prints, the first and the last million characters are kept, with a word on how many are between.
The tag raises-exception lets a cell fail, skip-execution leaves it out: its outputs stay as they are.
SCALE, BACKEND, SEED and the rest of the environment reach the kernel unchanged.
Exit code: 0 all well, 1 a cell failed, 2 wrong usage or a notebook that cannot be read, 3 a time limit was reached,
4 the kernel or its messages were lost, 5 a named result or a comparison is outside its tolerance.
`;

/** Arguments that cannot be used. */
export class UsageError extends Error {}

const number = (name: string, text: string, least: number): number => {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= least) return value;
  throw new UsageError(`--${name} ${text}: give a number of at least ${least}`);
};

const assignment = (text: string): [string, string] => {
  const match = /^([A-Za-z_]\w*)=(.*)$/s.exec(text);
  if (match) return [match[1]!, match[2]!];
  throw new UsageError(`--param ${text}: give NAME=VALUE, such as SCALE=full`);
};

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        output: { type: 'string', short: 'o', default: 'report' },
        'in-place': { type: 'boolean', default: false },
        timeout: { type: 'string', default: '1800' },
        'total-timeout': { type: 'string', default: '14400' },
        param: { type: 'string', short: 'p', multiple: true, default: [] },
        jobs: { type: 'string', short: 'j', default: '1' },
        compare: { type: 'boolean', default: false },
        rtol: { type: 'string', default: '1e-5' },
        atol: { type: 'string', default: '1e-8' },
        twice: { type: 'boolean', default: false },
        changed: { type: 'boolean', default: false },
        junit: { type: 'string' },
        kernel: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
};

/** Reads the command line. @throws UsageError that names the argument and what would do. */
export const readOptions = (args: readonly string[]): Options => {
  const { values, positionals } = parse(args);
  if (positionals.length === 0 && !values.help) throw new UsageError('no notebook given');
  const stray = positionals.find(file => !file.endsWith('.ipynb'));
  if (stray !== undefined) throw new UsageError(`${stray} is not a notebook: its name should end in .ipynb`);
  return {
    notebooks: positionals,
    output: values.output,
    inPlace: values['in-place'],
    cellLimit: 1000 * number('timeout', values.timeout, 0.001),
    totalLimit: 1000 * number('total-timeout', values['total-timeout'], 0.001),
    parameters: Object.fromEntries(values.param.map(assignment)),
    jobs: Math.floor(number('jobs', values.jobs, 1)),
    ...(values.compare && { compare: { rtol: number('rtol', values.rtol, 0), atol: number('atol', values.atol, 0) } }),
    twice: values.twice,
    changed: values.changed,
    ...(values.junit && { junit: values.junit }),
    ...(values.kernel && { kernel: values.kernel.split(/\s+/).filter(Boolean) }),
    help: values.help,
  };
};
