import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Project } from '../project/project.js';
import { each, type Values } from './each.js';
import type { Evaluator } from './evaluate.js';
import { type Interrupts, interruption } from './interrupts.js';
import type { Life, Lives } from './lives.js';
import type { Modules } from './modules.js';
import { untilInterrupted } from './waits.js';

/** What rewritten cells call: see compiler/rewrite.ts. */
export interface Runtime {
  readonly import: Modules['import'];
  readonly reload: Modules['reload'];
  readonly meta: object;
  /** Receives the cell's work: everything but its declarations. That it is looked up says that the script has begun. */
  readonly run: (work: Promise<unknown>) => void;
  /** Receives the value of a cell's last expression. */
  result(value: unknown): void;
  /** `await x` of a cell is `await wait(x)`: an interrupt is an error there, whatever becomes of x. */
  wait<T>(value: T): T | Promise<Awaited<T>>;
  /** In a function, which may be awaited in any order, it is `resume(life(), await x)`: an error once x has come. */
  life(): Life | undefined;
  resume<T>(began: Life | undefined, value: T): T;
  /** The same for `for await (… of each(values))` at the top level, and of `guard(values)` in a function. */
  each<T>(values: Values<T>): AsyncIterable<T>;
  guard<T>(values: Values<T>): AsyncIterable<T>;
  /** For the thread that interrupts this one. */
  readonly force: Interrupts['force'];
}

export interface RuntimeParts extends Pick<Runtime, 'result'> {
  readonly evaluator: Pick<Evaluator, 'begun' | 'take'>;
  readonly project: Project;
  readonly modules: Modules;
  readonly interrupts: Interrupts;
  readonly lives: Lives;
  /** A module has been loaded. */
  loaded(): void;
}

export const createRuntime = ({
  project,
  modules,
  interrupts,
  lives,
  loaded,
  evaluator,
  result,
}: RuntimeParts): Runtime => {
  const file = join(project.notebook, 'cell.mts');
  /** Of code that was told already, nothing is asked again: its `finally` blocks may await. */
  const life = () => {
    interrupts.safePoint();
    const current = lives.current();
    return current?.stopped ? undefined : current;
  };
  const resume = <T>(began: Life | undefined, value: T): T => {
    if (began?.stopped) throw interruption();
    return value;
  };
  const wait = <T>(value: T) => untilInterrupted(value, life());
  async function* guard<T>(values: Values<T>): AsyncGenerator<T> {
    const began = life();
    for await (const value of values) yield resume(began, value) as T;
  }
  return {
    async import(...args) {
      const namespace = await modules.import(...args);
      loaded();
      return namespace;
    },
    reload: modules.reload,
    meta: {
      url: pathToFileURL(file).href,
      dirname: project.notebook,
      filename: file,
      resolve: (specifier: unknown) => modules.resolve(String(specifier)),
    },
    get run() {
      evaluator.begun();
      return evaluator.take;
    },
    result,
    wait,
    each: values => each(values, wait),
    life,
    resume,
    guard,
    force: interrupts.force,
  };
};
