import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../jupyter/wire.js';
import { type Client, connect, type Exchange, type Listener } from './jupyter-client.js';
import { type KernelProcess, type LaunchOptions, launch } from './launch.js';
import { type PeakMemory, peakMemory } from './peak-memory.js';

/** How a request ended: with its reply and idle, at its limit, or with the kernel's death. */
export type Ending =
  | { readonly kind: 'complete'; readonly reply: Json }
  | { readonly kind: 'timeout'; readonly answered: boolean }
  | { readonly kind: 'lost'; readonly reply: Json }
  | { readonly kind: 'died'; readonly how: string };

/** A running kernel and a client of it. */
export interface RunningKernel {
  readonly info: Json;
  readonly memory: PeakMemory;
  execute(code: string, limitMs: number, listener: Listener, raises?: boolean): Promise<Ending>;
  onOther(listener: Listener): void;
  /** Asks the kernel to shut down, then makes it. */
  stop(): Promise<void>;
}

/** Time for each of the gentler means before the next harder one. */
const GRACE_MS = 3000;
/** A reply without idle means lost output; this long after the reply, and the latest output, no more is expected. */
const IDLE_MS = 5000;

const describe = ({ code, signal }: { code: number | null; signal: string | null }, log: string): string => {
  const how = signal === null ? `exit code ${code}` : signal;
  return `the kernel died (${how})${log === '' ? '' : `: ${log.split('\n').slice(-20).join('\n')}`}`;
};

type Raced<T> = T | 'late';
const within = <T>(promise: Promise<T>, ms: number): Promise<Raced<T>> => {
  const stop = new AbortController();
  const late = sleep(ms, 'late' as const, { signal: stop.signal }).catch(() => 'late' as const);
  return Promise.race([promise, late]).finally(() => stop.abort());
};

/** Interrupts by message, then by signal; true where the request then ended properly. */
const interrupt = async (client: Client, kernel: KernelProcess, { reply, idle }: Exchange): Promise<boolean> => {
  const ended = Promise.all([reply, idle]);
  client.control('interrupt_request', {}).catch(() => undefined);
  if ((await within(ended, GRACE_MS)) !== 'late') return true;
  kernel.signal('SIGINT');
  return (await within(ended, GRACE_MS)) !== 'late';
};

const finish = async (kernel: KernelProcess): Promise<void> => {
  kernel.signal('SIGTERM');
  if ((await within(kernel.exited, GRACE_MS)) === 'late') kernel.signal('SIGKILL');
  await kernel.exited;
};

export interface StartSettings {
  readonly startMs?: number;
  /** Ends the kernel at once; what it was asked then counts as lost. */
  readonly abort?: AbortSignal;
}

/** The ports of a connection file are free when it is written; another process may take one before the kernel does. */
const TAKEN = /EADDRINUSE|address already in use/i;
const ATTEMPTS = 5;

/** Starts a kernel and waits until it answers and is heard. @throws Error that holds the kernel's last words. */
export const openKernel = async (options: LaunchOptions, settings: StartSettings = {}): Promise<RunningKernel> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptKernel(options, settings);
    } catch (error) {
      if (attempt === ATTEMPTS || !TAKEN.test((error as Error).message)) throw error;
    }
  }
};

const attemptKernel = async (options: LaunchOptions, settings: StartSettings): Promise<RunningKernel> => {
  const { startMs = 60_000, abort } = settings;
  const kernel = await launch(options);
  const end = () => kernel.signal('SIGKILL');
  abort?.addEventListener('abort', end);
  if (abort?.aborted) end();
  kernel.exited.then(() => abort?.removeEventListener('abort', end));
  const client = connect(kernel.connection);
  const death = kernel.exited.then(exit => {
    const how = abort?.aborted ? 'interrupted: the run was stopped here' : describe(exit, kernel.log());
    return { kind: 'died', how } as const;
  });
  const refuse = async (why: string): Promise<never> => {
    client.close();
    await finish(kernel);
    throw new Error(why);
  };
  const ready = client.ready(startMs).then(
    info => ({ kind: 'ready', info }) as const,
    (error: Error) => ({ kind: 'died', how: [error.message, kernel.log()].join('\n').trim() }) as const,
  );
  const start = await Promise.race([ready, death]);
  if (start.kind === 'died') return refuse(start.how);
  const execute: RunningKernel['execute'] = async (code, limitMs, listener, raises = false) => {
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
    let heard = 0;
    const exchange = client.request('execute_request', { ...content, stop_on_error: !raises }, (type, said) => {
      heard = performance.now();
      listener(type, said);
    });
    const answer = exchange.reply.then(reply => ({ kind: 'answer', reply }) as const);
    const first = await within(Promise.race([answer, death]), limitMs);
    if (first === 'late') {
      const answered = await Promise.race([interrupt(client, kernel, exchange), death.then(() => false)]);
      return { kind: 'timeout', answered };
    }
    if (first.kind === 'died') return first;
    let idle = await within(exchange.idle, IDLE_MS);
    while (idle === 'late' && performance.now() - heard < IDLE_MS) idle = await within(exchange.idle, IDLE_MS);
    return { kind: idle === 'late' ? 'lost' : 'complete', reply: first.reply };
  };
  return {
    info: start.info,
    memory: peakMemory(kernel.pid),
    execute,
    onOther: client.onOther,
    async stop() {
      const asked = client.control('shutdown_request', { restart: false });
      await within(Promise.race([asked, kernel.exited]), GRACE_MS);
      if ((await within(kernel.exited, GRACE_MS)) === 'late') await finish(kernel);
      client.close();
    },
  };
};
