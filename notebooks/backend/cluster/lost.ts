/** Who else is in the cluster, and how they are. */
export interface Others {
  /** 'host:port' of every task. */
  readonly addresses: readonly string[];
  readonly index: number;
  /** Seconds that were waited. */
  readonly timeout: number;
  /** What is wrong with a task; empty where it answers. */
  health(task: number): string;
}

const nameOf = ({ addresses }: Others, task: number): string => `task ${task} (${addresses[task]})`;

/** The last words of the first line: gRPC says there what the matter is. */
const reason = (text: string): string => (text.split('\n')[0] ?? text).split(': ').at(-1) ?? text;

/**
 * What an operation's failure means, with the names of those who are lost. Who is mentioned first in TensorFlow's message
 * is where the fault began: others who do not answer may have ended because of it.
 */
export const explain = (error: Error, others: Others): Error => {
  const { addresses, index, timeout } = others;
  const wrong = addresses.map((_, task) => (task === index ? '' : others.health(task)));
  const lost = [...wrong.keys()].filter(task => wrong[task] !== '');
  const late = error.message.includes('the time is over');
  const first = Number(/\/task:(\d+)/.exec(error.message)?.[1] ?? Number.NaN);
  const named = !late && lost.includes(first) ? [first] : lost;
  const again = 'start all tasks again, they go on from the last checkpoint';
  if (named.length > 0) {
    const list = named.map(task => `${nameOf(others, task)} is lost: ${reason(wrong[task]!)}`);
    return new Error(`${list.join('; ')}; ${again}`, { cause: error });
  }
  if (late)
    return new Error(
      `a task has not come to the same operation within ${timeout} s, though all answer: ` +
        `all have to take the same steps; where one does more in between, give a longer timeout; ${again}`,
      { cause: error },
    );
  return new Error(`the tasks have lost each other, though all answer now: ${error.message}; ${again}`, {
    cause: error,
  });
};
