import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/** Under what conditions a run took place. */
export interface Environment {
  readonly date: string;
  /** Commit of the working tree, and whether it had changes; absent outside git. */
  readonly commit?: string;
  readonly dirty?: boolean;
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: string;
  /** How many threads may run at the same time, and the variables that ask for another number of them. */
  readonly threads: string;
  /** SHA-256 of the file that fixes the versions of all packages. */
  readonly lock?: string;
  /** Those variables that the notebooks are told by. */
  readonly variables: Readonly<Record<string, string>>;
}

const git = (root: string, ...args: string[]): string | undefined => {
  try {
    return execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
};

const NAMED = ['typescript', '@tensorflow/tfjs-core', 'plotly.js-dist'] as const;

const versions = (root: string): Record<string, string> => {
  const file = join(root, 'package.json');
  const { version, dependencies = {} } = (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}) as {
    version?: string;
    dependencies?: Readonly<Record<string, string>>;
  };
  const found = NAMED.flatMap(name => (dependencies[name] ? [[name, dependencies[name]]] : []));
  return { ...(version && { project: version }), node: process.versions.node, ...Object.fromEntries(found) };
};

/** What package managers fix versions in. */
const LOCKS = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'];

const lockOf = (root: string): string | undefined => {
  const file = LOCKS.map(name => join(root, name)).find(path => existsSync(path));
  return file && createHash('sha256').update(readFileSync(file)).digest('hex');
};

const THREADS = ['OMP_NUM_THREADS', 'TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS', 'UV_THREADPOOL_SIZE'] as const;

const threads = (variables: Readonly<Record<string, string | undefined>>): string =>
  [
    String(availableParallelism()),
    ...THREADS.flatMap(name => (variables[name] ? [`${name} ${variables[name]}`] : [])),
  ].join(', ');

const VARIABLES = ['SCALE', 'BACKEND', 'ACCELERATOR', 'SEED'] as const;

/**
 * @param root of the project that the notebooks belong to.
 * @param variables what the command line set; SCALE, BACKEND, ACCELERATOR and SEED are added from the environment.
 */
export const environment = (root: string, variables: Readonly<Record<string, string>>): Environment => {
  const commit = git(root, 'rev-parse', 'HEAD');
  const changes = git(root, 'status', '--porcelain');
  const given = VARIABLES.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : []));
  const [cpu] = cpus();
  const lock = lockOf(root);
  return {
    date: new Date().toISOString(),
    ...(commit && { commit, dirty: (changes ?? '') !== '' }),
    versions: versions(root),
    machine: `${process.platform} ${process.arch}, ${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    threads: threads({ ...process.env, ...variables }),
    ...(lock && { lock }),
    variables: { ...Object.fromEntries(given), ...variables },
  };
};
