import type { Channel } from '../link/channel.js';
import { SENDING, TERMINATING } from './signals.js';

/**
 * A channel whose reports go out whole: half of one, which a termination would leave, could not be told from the next.
 * Where one is on its way, it comes before the report is begun.
 */
export const uncut = (channel: Channel, shared: Int32Array): Channel => ({
  send(report, buffers) {
    for (;;) {
      Atomics.store(shared, SENDING, 1);
      if (Atomics.load(shared, TERMINATING) === 0) break;
      Atomics.store(shared, SENDING, 0);
      while (Atomics.load(shared, TERMINATING) !== 0);
    }
    try {
      channel.send(report, buffers);
    } finally {
      Atomics.store(shared, SENDING, 0);
    }
  },
});
