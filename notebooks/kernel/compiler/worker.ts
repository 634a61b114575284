import { parentPort, workerData } from 'node:worker_threads';
import { onOrphaned } from '../project/parent.js';
import type { Project } from '../project/project.js';
import { type Compiler, createCompiler } from './compiler.js';
import type { CheckerNews, Supervised } from './supervision.js';

/**
 * The compiler in a thread of its own: TypeScript is loaded while the sockets are bound, and a long check does
 * not hold up the heartbeat.
 */
export type CompilerRequest = {
  [Method in keyof Compiler]: { id: number; method: Method; args: Parameters<Compiler[Method]> };
}[keyof Compiler];

const ORPHANED_MS = 5000;

export interface CompilerReply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
  /** It was ended from outside. */
  readonly cut?: boolean;
}

const port = parentPort!;
const supervised = workerData as Supervised<Project>;
const flag = new Int32Array(supervised.cut);
let wasCut = false;
const compiler = createCompiler(supervised.project, {
  began: pid => port.postMessage({ began: pid } satisfies CheckerNews),
  ended: pid => port.postMessage({ ended: pid } satisfies CheckerNews),
  cut() {
    wasCut = Atomics.exchange(flag, 0, 0) === 1;
    return wasCut;
  },
});
// The thread that talks to Jupyter ends the process in this case: unless it has come to a stop itself.
onOrphaned(process.env, () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), ORPHANED_MS));

const answer = async ({ id, method, args }: CompilerRequest): Promise<CompilerReply> => {
  wasCut = false;
  Atomics.store(flag, 0, 0);
  try {
    return { id, value: await (compiler[method] as (...args: unknown[]) => unknown)(...args) };
  } catch (error) {
    return { id, cut: wasCut, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
};

port.on('message', (request: CompilerRequest) => {
  const answered = answer(request).then(reply => port.postMessage(reply));
  if (request.method === 'close') void answered.then(() => port.close());
});
