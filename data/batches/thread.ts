import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { projectRoot, requireFromRoot } from '../../notebooks/files/root.js';
import type { Job } from './worker.js';

/** Starts what fills the ring of a job; the result ends it. */
export type Launch = (job: Job) => () => void;

/**
 * A thread that does not keep the process alive. Its program is bundled first: a thread starts outside of what
 * translates TypeScript here, be it a kernel or a script.
 */
export const startThread: Launch = job => {
  const { buildSync } = requireFromRoot('esbuild') as typeof import('esbuild');
  const entry = join(projectRoot(), 'data', 'batches', 'worker.ts');
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    write: false,
  });
  const worker = new Worker(outputFiles[0]!.text, { eval: true, workerData: job, execArgv: [] });
  worker.unref();
  return () => void worker.terminate();
};
