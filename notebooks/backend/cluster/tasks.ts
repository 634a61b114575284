import { integer, reject } from '../../../lib/errors.js';

/** Where a task is reached. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** 'host:port', or a port of this machine alone. @throws RangeError for anything else */
const addressOf = (task: string | number, i: number): Address => {
  const [, host = '127.0.0.1', port = ''] = /^(?:(\[[^\]]+\]|[^:[\]\s]+):)?(\d+)$/.exec(String(task)) ?? [];
  if (port === '') reject(`the address of task ${i}`, task, "give 'host:port', or a port of this machine");
  return { host, port: integer(`the port of task ${i}`, Number(port), 1, 65535) };
};

export const written = ({ host, port }: Address): string => `${host}:${port}`;

/** The addresses of all tasks. @throws RangeError where there is none, or two have one */
export const addressesOf = (tasks: readonly (string | number)[]): Address[] => {
  if (tasks.length === 0) reject('the number of tasks', 0, 'give the address of every task, the own one included');
  const addresses = tasks.map(addressOf);
  const all = addresses.map(written);
  const twice = all.find((address, i) => all.indexOf(address) !== i);
  if (twice !== undefined) reject('the address of two tasks', twice, 'every task has a port of its own');
  return addresses;
};

/** Whether nothing but this machine is meant. */
export const local = (addresses: readonly Address[]): boolean =>
  addresses.every(({ host }) => host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host));
