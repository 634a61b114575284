import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/** Under what conditions a run took place. */
export interface Environment {
  readonly date: string;
  /** Commit of the working tree, and whether it had changes; absent outside git. */
  readonly commit?: string;
  readonly dirty?: boolean;
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: string;
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

const VARIABLES = ['SCALE', 'BACKEND', 'SEED'] as const;

/**
 * @param root of the project that the notebooks belong to.
 * @param variables what the command line set; SCALE, BACKEND and SEED are added from the environment.
 */
export const environment = (root: string, variables: Readonly<Record<string, string>>): Environment => {
  const commit = git(root, 'rev-parse', 'HEAD');
  const changes = git(root, 'status', '--porcelain');
  const given = VARIABLES.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : []));
  const [cpu] = cpus();
  return {
    date: new Date().toISOString(),
    ...(commit && { commit, dirty: (changes ?? '') !== '' }),
    versions: versions(root),
    machine: `${process.platform} ${process.arch}, ${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    variables: { ...Object.fromEntries(given), ...variables },
  };
};
