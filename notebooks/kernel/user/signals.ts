import { now } from '../link/primordials.js';

/** What the main thread of the user process and the thread that interrupts it share: an Int32Array with these fields. */
/** The latest interrupt that the main thread has seen. */
export const ANSWERED = 0;
/** The latest cell to stop. */
export const ASKED = 1;
/** The latest interrupt that took a termination. */
export const TERMINATED = 2;
/** How far a termination is. */
export const TERMINATING = 3;
/** How deep the main thread is in code of the kernel's own that must not be cut off. */
export const UNCUT = 4;
/** The latest cell that an error was thrown in. */
export const THROWN = 5;
/** How deep the main thread is in calls of tfjs, which are safe points, and when it was there last. */
export const ENGINE = 6;
export const ENGINE_AT = 7;
/** The latest cell that was let in: an interrupt of an earlier one comes too late. */
export const ENTERED = 8;
export const SLOTS = 9;

/** The values of TERMINATING: none; the main thread asks for one and waits; V8 is being told; V8 has been told. */
export const CALM = 0;
export const WANTED = 1;
export const TAKEN = 2;
export const POSTED = 3;

export const createSignals = (): Int32Array =>
  new Int32Array(new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT));

/** Milliseconds, as far as they fit a field. */
export const clock = (): number => now() & 0x7fffffff;
