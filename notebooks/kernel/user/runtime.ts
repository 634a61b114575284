import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Project } from '../project/project.js';
import type { Interrupts } from './interrupts.js';
import type { Modules } from './modules.js';

/** What rewritten cells call: see compiler/rewrite.ts. */
export interface Runtime {
  readonly import: Modules['import'];
  readonly meta: object;
  /** Receives the cell's work: everything but its declarations. */
  run(work: Promise<unknown>): void;
  /** Receives the value of a cell's last expression. */
  result(value: unknown): void;
  /** `await x` of a cell is `resume(epoch(), await x)`: after an interrupt in between it throws. */
  epoch(): number;
  resume<T>(began: number, value: T): T;
  /** The same for `for await (… of guard(values))`. */
  guard<T>(values: AsyncIterable<T> | Iterable<T | PromiseLike<T>>): AsyncIterable<T>;
}

export const createRuntime = (
  project: Project,
  modules: Modules,
  interrupts: Interrupts,
  run: (work: Promise<unknown>) => void,
  result: (value: unknown) => void,
): Runtime => {
  const file = join(project.notebook, 'cell.mts');
  const resume = <T>(began: number, value: T): T => {
    if (began !== interrupts.epoch()) throw new Error('interrupted');
    return value;
  };
  async function* guard<T>(values: AsyncIterable<T> | Iterable<T | PromiseLike<T>>): AsyncGenerator<T> {
    const began = interrupts.epoch();
    for await (const value of values) yield resume(began, value) as T;
  }
  return {
    import: modules.import,
    meta: {
      url: pathToFileURL(file).href,
      dirname: project.notebook,
      filename: file,
      resolve: (specifier: unknown) => modules.resolve(String(specifier)),
    },
    run,
    result,
    resume,
    guard,
    epoch: interrupts.epoch,
  };
};
