import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ConnectionInfo, connectionInfo, writeConnection } from '../../../notebooks/kernel/jupyter/connection.js';
import { type Connection, connect } from './connect.js';

/** A kernel that was started for a test, and a connection to it. */
export interface Client extends Omit<Connection, 'disconnect'> {
  readonly pid: number;
  /** What the kernel process itself wrote to its stderr. */
  log(): string;
  /** When the process was started, on the clock of `performance.now()`. */
  readonly started: number;
  /** Resolves with the exit code when the kernel has ended. */
  readonly exit: Promise<number | null>;
  close(): Promise<void>;
}

const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
export const LAUNCHER = join(ROOT, 'notebooks/kernel/bin/tsnb.mjs');

export interface StartOptions {
  readonly cwd?: string;
  readonly curve?: boolean;
  readonly env?: Record<string, string>;
  /** Another kernel's command, for comparison: {file} stands for the connection file. */
  readonly command?: readonly string[];
  readonly info?: ConnectionInfo;
}

export const startKernel = async (options: StartOptions = {}): Promise<Client> => {
  const info = options.info ?? (await connectionInfo(options.curve ? { curve: true } : {}));
  const directory = mkdtempSync(join(tmpdir(), 'tsnb-test-'));
  const file = join(directory, 'connection.json');
  writeConnection(file, info);
  const template = options.command ?? [process.execPath, LAUNCHER, 'kernel', '--connection-file', '{file}'];
  const [command, ...args] = template.map(each => each.replace('{file}', file));
  const started = performance.now();
  const child = spawn(command!, args, {
    cwd: options.cwd ?? ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TSNB_HISTORY: join(directory, 'history.jsonl'), ...options.env },
  });
  let log = '';
  child.stderr.on('data', chunk => {
    log += String(chunk);
  });
  const exit = new Promise<number | null>(resolve => child.once('exit', resolve));
  const client = await connect(info, () => log);
  return {
    ...client,
    pid: child.pid!,
    started,
    exit,
    log: () => log,
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        void client.send('control', 'shutdown_request', { restart: false });
        const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
        await exit;
        clearTimeout(timer);
      }
      client.disconnect();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

/** A kernel for as long as it is used, which is closed whatever comes. */
export const withKernel = async <T>(options: StartOptions, use: (kernel: Client) => Promise<T>): Promise<T> => {
  const kernel = await startKernel(options);
  try {
    return await use(kernel);
  } finally {
    await kernel.close();
  }
};
