import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
  readonly parameters: Readonly<Record<string, string>>;
}

const git = (home: string, ...args: string[]): string | undefined => {
  try {
    return execFileSync('git', ['-C', home, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
};

const NAMED = ['typescript', '@tensorflow/tfjs-core', 'plotly.js-dist'] as const;

const versions = (home: string): Record<string, string> => {
  const { version = '', dependencies = {} } = JSON.parse(
    readFileSync(join(home, 'package.json'), 'utf8'),
  ) as {
    version?: string;
    dependencies?: Readonly<Record<string, string>>;
  };
  const found = NAMED.flatMap(name => (dependencies[name] ? [[name, dependencies[name]]] : []));
  return { project: version, node: process.versions.node, ...Object.fromEntries(found) };
};

const PARAMETERS = ['SCALE', 'BACKEND', 'SEED'] as const;

/** @param parameters what the command line set; SCALE, BACKEND and SEED are added from the environment. */
export const environment = (home: string, parameters: Readonly<Record<string, string>>): Environment => {
  const commit = git(home, 'rev-parse', 'HEAD');
  const changes = git(home, 'status', '--porcelain');
  const given = PARAMETERS.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : []));
  const [cpu] = cpus();
  return {
    date: new Date().toISOString(),
    ...(commit && { commit, dirty: (changes ?? '') !== '' }),
    versions: versions(home),
    machine: `${process.platform} ${process.arch}, ${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    parameters: { ...Object.fromEntries(given), ...parameters },
  };
};
