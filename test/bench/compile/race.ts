import { setTimeout as pause } from 'node:timers/promises';
import { type Timing, timing } from './table.js';
import { contestant, parametersOf, type Task } from './tasks.js';
import { type TorchWorker, torchWorker } from './torch.js';

/** One that does a task. */
export interface Entrant {
  /** Runs once, and says how long that took in seconds. */
  once(): Promise<number>;
  close(): void;
}

const clock = (run: () => void): number => {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
};

/** Calls before the measurement: the compiled function is traced in two, and compiled in the third. */
const WARM = 4;

/** The library, eager or compiled. */
export const local = (task: Task, compiled: boolean): Entrant & { cold: number } => {
  const entrant = contestant(task, compiled);
  const cold = Array.from({ length: WARM }, () => clock(entrant.run));
  return { cold: Math.max(...cold), once: async () => clock(entrant.run), close: entrant.dispose };
};

/** PyTorch, eager or compiled; undefined without a Python that has it. @throws where its network has other sizes */
export const remote = async (
  task: Task,
  compiled: boolean,
  python: string | undefined,
): Promise<Entrant | undefined> => {
  if (!python) return undefined;
  const worker: TorchWorker = torchWorker(python);
  const { parameters } = await worker.prepare(task, compiled);
  const own = parametersOf(task);
  if (parameters !== own) throw new Error(`${task.title}: ${parameters} parameters in PyTorch, ${own} here`);
  return { once: async () => (await worker.run(1))[0]!, close: worker.close };
};

/** Turns about, each after a pause in which the threads of the one before go to sleep. */
export const race = async (
  entrants: readonly (Entrant | undefined)[],
  runs: number,
): Promise<(Timing | undefined)[]> => {
  const seconds = entrants.map((): number[] => []);
  for (let i = 0; i < runs; i++) {
    for (const [k, entrant] of entrants.entries()) {
      if (!entrant) continue;
      await pause(50);
      seconds[k]!.push(await entrant.once());
    }
  }
  return seconds.map((list, k) => (entrants[k] ? timing(list) : undefined));
};
