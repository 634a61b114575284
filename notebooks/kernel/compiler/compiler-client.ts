import { Worker } from 'node:worker_threads';
import type { Project } from '../project/project.js';
import type { Completions } from './check-session.js';
import type { Checked, Compiler } from './compiler.js';
import { LARGE_STACK_MB } from './depth.js';
import { type CheckerNews, LONGEST_MS, type Supervised, tookTooLong } from './supervision.js';
import type { CompilerReply } from './worker.js';

/** The compiler, seen from the thread that talks to Jupyter. */
export type CompilerClient = {
  [Method in keyof Compiler]: (...args: Parameters<Compiler[Method]>) => Promise<Awaited<ReturnType<Compiler[Method]>>>;
} & {
  /** Ends the check or the question that is at work: it finds nothing. */
  cut(): void;
};

/** What somebody asks while they type. */
const QUESTIONS: ReadonlySet<keyof Compiler> = new Set(['complete', 'inspect', 'isComplete']);

interface Waiting {
  readonly method: keyof Compiler;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export const startCompiler = (project: Project, script: URL, longest = LONGEST_MS): CompilerClient => {
  const shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const cut = new Int32Array(shared);
  const workerData = { project, cut: shared } satisfies Supervised<Project>;
  const worker = new Worker(script, { workerData, resourceLimits: { stackSizeMb: LARGE_STACK_MB } });
  const waiting = new Map<number, Waiting>();
  let count = 0;
  let broken: Error | undefined;
  let checker: number | undefined;
  let late: NodeJS.Timeout | undefined;

  const fail = (error: Error) => {
    broken = error;
    clearTimeout(late);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const end = () => {
    if (checker === undefined || waiting.size === 0) return;
    Atomics.store(cut, 0, 1);
    kill(checker);
  };
  /** Calls are answered one after the other: the oldest is at work. */
  const watch = () => {
    clearTimeout(late);
    const [oldest] = waiting.values();
    if (oldest) late = setTimeout(end, QUESTIONS.has(oldest.method) ? longest.questions : longest.check).unref();
  };

  worker.on('message', (message: CompilerReply | CheckerNews) => {
    if ('began' in message) {
      checker = message.began;
      watch();
      return;
    }
    if ('ended' in message) {
      if (checker === message.ended) checker = undefined;
      return;
    }
    const { id, value, error } = message;
    const call = waiting.get(id);
    waiting.delete(id);
    watch();
    if (message.cut && call) call.resolve(nothing(call.method));
    else if (error === undefined) call?.resolve(value);
    else call?.reject(new Error(error));
  });
  worker.on('error', error => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => fail(new Error('the TypeScript checker has ended; restart the kernel')));

  const call =
    (method: keyof Compiler) =>
    (...args: unknown[]) =>
      new Promise<unknown>((resolve, reject) => {
        if (broken) return reject(broken);
        const id = count++;
        waiting.set(id, { method, resolve, reject });
        if (waiting.size === 1) watch();
        worker.postMessage({ id, method, args });
      });
  const methods: readonly (keyof Compiler)[] = [
    'check',
    'look',
    'complete',
    'inspect',
    'warnings',
    'isComplete',
    'draft',
    'settle',
    'invalidate',
    'clear',
    'close',
  ];
  const calls = Object.fromEntries(methods.map(method => [method, call(method)]));
  return { ...calls, cut: end } as unknown as CompilerClient;
};

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone by itself.
  }
};

/** The answer to what was cut off. */
const nothing = (method: keyof Compiler): unknown => {
  const error = { message: tookTooLong, line: 1, column: 1, length: 1, syntax: false };
  if (method === 'check' || method === 'look') return { ok: false, errors: [error], news: false } satisfies Checked;
  if (method === 'complete') return { all: [] } satisfies Completions;
  return method === 'warnings' ? [] : undefined;
};
