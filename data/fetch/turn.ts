import { setTimeout as pause } from 'node:timers/promises';
import { claimAlone } from '../../notebooks/files/claim.js';

/** How often a caller looks whether its turn has come. */
const LOOK_MS = 50;

/**
 * Runs while nobody else is at this path, neither in this process nor in another one, and waits for whoever is. Who
 * died there is not waited for.
 */
export async function inTurn<R>(path: string, run: () => Promise<R>): Promise<R> {
  for (;;) {
    const turn = claimAlone(path);
    if (turn === undefined) {
      await pause(LOOK_MS);
      continue;
    }
    try {
      return await run();
    } finally {
      turn.release();
    }
  }
}
