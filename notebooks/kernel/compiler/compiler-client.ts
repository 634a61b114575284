import { Worker } from 'node:worker_threads';
import type { Project } from '../project/project.js';
import type { Compiler } from './compiler.js';
import type { CompilerReply } from './worker.js';

/** The compiler, seen from the thread that talks to Jupyter. */
export type CompilerClient = {
  [Method in keyof Compiler]: (...args: Parameters<Compiler[Method]>) => Promise<Awaited<ReturnType<Compiler[Method]>>>;
};

export const startCompiler = (project: Project, script: URL): CompilerClient => {
  const worker = new Worker(script, { workerData: project });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let count = 0;
  let broken: Error | undefined;
  const fail = (error: Error) => {
    broken = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', ({ id, value, error }: CompilerReply) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(value);
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
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, method, args });
      });
  const methods: readonly (keyof Compiler)[] = [
    'check',
    'complete',
    'inspect',
    'warnings',
    'isComplete',
    'settle',
    'invalidate',
    'clear',
    'close',
  ];
  return Object.fromEntries(methods.map(method => [method, call(method)])) as unknown as CompilerClient;
};
