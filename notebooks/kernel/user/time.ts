import { types } from 'node:util';
import { react } from '../link/primordials.js';

const { cpuUsage } = process;
const { now } = performance;

/** Runs this and says how long it took, also where it fails; a promise is followed until it has settled. */
export const createTime =
  (write: (text: string) => void) =>
  <T>(work: () => T): T => {
    const cpu = cpuUsage();
    const from = now.call(performance);
    const tell = () => {
      const wall = now.call(performance) - from;
      const { user, system } = cpuUsage(cpu);
      const [u, s, all] = [user, system, user + system].map(microseconds => duration(microseconds / 1000));
      write(`CPU times: user ${u}, sys: ${s}, total: ${all}\nWall time: ${duration(wall)}\n`);
    };
    let value: T;
    try {
      value = work();
    } catch (error) {
      tell();
      throw error;
    }
    if (!types.isPromise(value)) {
      tell();
      return value;
    }
    return react(
      value,
      result => {
        tell();
        return result;
      },
      error => {
        tell();
        throw error;
      },
    ) as T;
  };

const UNITS = [
  [1000, 's'],
  [1, 'ms'],
  [1e-3, 'µs'],
] as const;

/** Three digits, in the unit that fits; from a minute on, minutes and seconds. */
export const duration = (ms: number): string => {
  if (ms >= 60_000) return `${Math.floor(ms / 60_000)}min ${Math.floor((ms % 60_000) / 1000)}s`;
  const [size, unit] = UNITS.find(([each]) => ms >= each) ?? UNITS.at(-1)!;
  return `${Number((ms / size).toPrecision(3))} ${unit}`;
};
