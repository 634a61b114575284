import { parseArgs } from 'node:util';
import { type Budgets, readBudgets } from './budgets.js';
import type { Tolerance } from './compare.js';
import { type Given, readGiven, readings } from './parameters/given.js';
import { type Axis, type ParameterSet, parameterSets, parseAxis } from './parameters/matrix.js';

export interface Options {
  readonly notebooks: readonly string[];
  readonly output: string;
  readonly inPlace: boolean;
  /** Milliseconds for one cell, and for one notebook. */
  readonly cellLimit: number;
  readonly totalLimit: number;
  /** What the cells tagged `parameters` are set to, set by set. */
  readonly parameters: readonly ParameterSet[];
  /** Variables set in the kernel's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: number;
  /** How often a notebook whose kernel was lost is run again. */
  readonly retries: number;
  /** This part, from 0, of so many. */
  readonly shard: { readonly index: number; readonly count: number };
  readonly budgets: Budgets;
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

/** Arguments that cannot be used. */
export class UsageError extends Error {}

const number = (name: string, text: string, least: number): number => {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= least) return value;
  throw new UsageError(`--${name} ${text}: give a number of at least ${least}`);
};

const assigned = (option: string, text: string): [string, string] => {
  const match = /^([A-Za-z_$][\w$]*)=(.*)$/s.exec(text);
  if (match) return [match[1]!, match[2]!];
  throw new UsageError(`--${option} ${text}: give NAME=VALUE, such as ${option === 'env' ? 'SCALE=full' : 'rate=0.1'}`);
};

/** Files first, then single parameters, then the matrix: what comes later goes before. */
const readParameters = (files: readonly string[], single: readonly string[], axes: readonly Axis[]): ParameterSet[] => {
  const common: Given = {
    ...Object.assign({}, ...files.map(readGiven)),
    ...Object.fromEntries(single.map(text => assigned('param', text)).map(([name, text]) => [name, readings(text)])),
  };
  const twice = axes.find(({ name }, i) => axes.findIndex(each => each.name === name) !== i);
  if (twice) throw new UsageError(`--matrix: ${twice.name} is given twice`);
  return parameterSets(common, axes);
};

const shard = (text: string): Options['shard'] => {
  const [, part, count] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (part !== undefined && count !== undefined && part >= 1 && part <= count) return { index: part - 1, count };
  throw new UsageError(`--shard ${text}: give a part and how many there are, such as 2/8`);
};

const axis = (text: string): Axis => {
  const found = parseAxis(text);
  if (found) return found;
  throw new UsageError(`--matrix ${text}: give NAME=VALUE,VALUE…, such as seed=0,1`);
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
        'param-file': { type: 'string', multiple: true, default: [] },
        matrix: { type: 'string', multiple: true, default: [] },
        env: { type: 'string', short: 'e', multiple: true, default: [] },
        budgets: { type: 'string' },
        retries: { type: 'string', default: '0' },
        shard: { type: 'string', default: '1/1' },
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
  // A matrix goes on with the words behind it: --matrix scale=smoke,full seed=0,1
  const goesOn = (word: string) =>
    values.matrix.length > 0 && !word.endsWith('.ipynb') && parseAxis(word) !== undefined;
  const notebooks = positionals.filter(word => !goesOn(word));
  if (notebooks.length === 0 && !values.help) throw new UsageError('no notebook given');
  const stray = notebooks.find(file => !file.endsWith('.ipynb'));
  if (stray !== undefined) throw new UsageError(`${stray} is not a notebook: its name should end in .ipynb`);
  const parameters = readParameters(
    values['param-file'],
    values.param,
    [...values.matrix, ...positionals.filter(goesOn)].map(axis),
  );
  const set = parameters.length > 1 || Object.keys(parameters[0]!.given).length > 0;
  if (set && values['in-place']) {
    throw new UsageError('--in-place keeps the outputs of a notebook as it is: leave out its parameters');
  }
  return {
    notebooks,
    output: values.output,
    inPlace: values['in-place'],
    cellLimit: 1000 * number('timeout', values.timeout, 0.001),
    totalLimit: 1000 * number('total-timeout', values['total-timeout'], 0.001),
    parameters,
    env: Object.fromEntries(values.env.map(text => assigned('env', text))),
    budgets: values.budgets === undefined ? {} : readBudgets(values.budgets),
    retries: Math.floor(number('retries', values.retries, 0)),
    shard: shard(values.shard),
    jobs: Math.floor(number('jobs', values.jobs, 1)),
    ...(values.compare && { compare: { rtol: number('rtol', values.rtol, 0), atol: number('atol', values.atol, 0) } }),
    twice: values.twice,
    changed: values.changed,
    ...(values.junit && { junit: values.junit }),
    ...(values.kernel && { kernel: values.kernel.split(/\s+/).filter(Boolean) }),
    help: values.help,
  };
};
