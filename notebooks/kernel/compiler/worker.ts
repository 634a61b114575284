import { parentPort, workerData } from 'node:worker_threads';
import type { Project } from '../project/project.js';
import { type Compiler, createCompiler } from './compiler.js';

/**
 * The compiler in a thread of its own: TypeScript is loaded while the sockets are bound, and a long check does
 * not hold up the heartbeat.
 */
export type CompilerRequest = {
  [Method in keyof Compiler]: { id: number; method: Method; args: Parameters<Compiler[Method]> };
}[keyof Compiler];

export interface CompilerReply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

const compiler = createCompiler(workerData as Project);
const port = parentPort!;

const answer = async ({ id, method, args }: CompilerRequest): Promise<CompilerReply> => {
  try {
    return { id, value: await (compiler[method] as (...args: unknown[]) => unknown)(...args) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
};

port.on('message', (request: CompilerRequest) => {
  const answered = answer(request).then(reply => port.postMessage(reply));
  if (request.method === 'close') void answered.then(() => port.close());
});
