import type { Channel } from '../link/channel.js';
import { CALM, TERMINATING, UNCUT } from './signals.js';

/** Code of the kernel's own that runs to its end: a termination that is on its way comes before it is begun. */
export const uncut =
  <A extends unknown[]>(shared: Int32Array, work: (...args: A) => void) =>
  (...args: A): void => {
    for (;;) {
      Atomics.add(shared, UNCUT, 1);
      if (Atomics.load(shared, TERMINATING) === CALM) break;
      Atomics.sub(shared, UNCUT, 1);
      while (Atomics.load(shared, TERMINATING) !== CALM);
    }
    try {
      work(...args);
    } finally {
      Atomics.sub(shared, UNCUT, 1);
    }
  };

/** A channel whose reports go out whole: half of one could not be told from the next. */
export const uncutChannel = (channel: Channel, shared: Int32Array): Channel => ({ send: uncut(shared, channel.send) });
