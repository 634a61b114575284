import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionInfo, connectionInfo, writeConnection } from '../jupyter/connection.js';
import { readHome } from '../project/home.js';

/** How a kernel process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A kernel in a process group of its own. */
export interface KernelProcess {
  readonly connection: ConnectionInfo;
  readonly pid: number | undefined;
  readonly exited: Promise<Exit>;
  /** The end of what it wrote to its own stdout and stderr, for errors that no message reports. */
  log(): string;
  /** Signals the whole group, so that what the kernel started goes with it. */
  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void;
}

export interface LaunchOptions {
  /** Program and arguments; `{connection_file}` stands for the file's path. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The command that starts this project's kernel. @param home the package's directory. */
export const ownKernel = (home: string): string[] => [
  process.execPath,
  readHome(home).launcher,
  'kernel',
  '--connection-file',
  '{connection_file}',
];

/**
 * A shell that becomes the kernel and leaves another one in its group. That one waits at a pipe which closes when the
 * runner dies, however it does; then it ends the group, by request and by force, and takes the connection's folder away.
 */
const GUARD = `folder=$1; shift
(
  trap '' INT TERM HUP
  read -r never <&3
  kill -s TERM -- -$$
  sleep 1
  rm -rf -- "$folder"
  kill -s KILL -- -$$
) >/dev/null 2>&1 &
exec 3<&-
exec "$@"`;

const KEPT = 16_384;

const tail = (child: ChildProcess): (() => string) => {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(-KEPT);
    });
  }
  return () => text.trim();
};

const exitOf = (child: ChildProcess): Promise<Exit> =>
  new Promise(resolve => {
    child.once('error', () => resolve({ code: 127, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });

/** Kills the group even when the runner itself is stopped half-way. */
const signaller = (child: ChildProcess) => (name: NodeJS.Signals) => {
  if (child.pid === undefined) return;
  try {
    // Windows has no process groups: there the process itself is the best that can be had.
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, name);
  } catch {
    // It has gone already.
  }
};

/** How the kernel's command is started, with what ends its group where that takes another process. */
const guarded = (command: readonly string[], folder: string): { program: string; args: readonly string[] } => {
  const [program = '', ...args] =
    process.platform === 'win32' ? command : ['/bin/sh', '-c', GUARD, 'tsnb', folder, ...command];
  return { program, args };
};

/** Starts a kernel with a connection file that only its owner can read; the file goes when the kernel does. */
export const launch = async ({ command, cwd, env }: LaunchOptions): Promise<KernelProcess> => {
  const connection = await connectionInfo();
  const folder = mkdtempSync(join(tmpdir(), 'tsnb-'));
  const file = join(folder, 'connection.json');
  writeConnection(file, connection);
  const named = command.map(part => part.replace('{connection_file}', file));
  const { program, args } = guarded(named, folder);
  const child = spawn(program, args, {
    cwd,
    // Jupyter's word for the process without which the kernel is to end.
    env: { ...env, JPY_PARENT_PID: String(process.pid) },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  (child.stdio[3] as Socket | undefined)?.on('error', () => undefined).unref();
  const log = tail(child);
  const signal = signaller(child);
  // What the kernel left running in its group has nobody to answer to once it, or the runner, is gone.
  const last = () => {
    signal('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', last);
  const exited = exitOf(child).finally(() => {
    process.removeListener('exit', last);
    last();
  });
  return { connection, pid: child.pid, exited, log, signal };
};
