import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from './wire.js';

/**
 * Which cell an interrupt is meant for: the two come on channels of their own, which are read apart, so either may be
 * here first. An interrupt is not meant for a cell that was sent after it.
 */
export interface Aim {
  /** Whether it stops the cell that runs. Where none runs, resolves after a moment in which its cell may still begin. */
  interrupt(request: Message, running: Message | undefined): Promise<boolean>;
  /** Whether an interrupt that was here first is meant for this cell, which begins. */
  awaits(cell: Message): boolean;
}

/** Within this time an interrupt from another client, or of the same millisecond, counts as meant for the cell. */
const FRESH_MS = 20;

export const createAim = (): Aim => {
  let early: Message | undefined;
  let fresh = false;
  return {
    async interrupt(request, running) {
      // The clocks of two clients cannot be compared.
      if (running) return !(sameClient(running, request) && sent(running) > sent(request));
      early = request;
      fresh = true;
      await sleep(FRESH_MS);
      if (early === request) fresh = false;
      return false;
    },
    awaits(cell) {
      const request = early;
      early = undefined;
      if (!request) return false;
      if (fresh) return sent(cell) <= sent(request);
      return sameClient(cell, request) && sent(cell) < sent(request);
    },
  };
};

const sameClient = (a: Message, b: Message): boolean => a.header.session === b.header.session;

const sent = ({ header }: Message): number => Date.parse(header.date);
