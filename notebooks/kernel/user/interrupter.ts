import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { endGroup } from '../link/channel.js';
import { INTERRUPT_FD } from '../link/protocol.js';
import type { Interruption } from './interrupts.js';
import {
  ANSWERED,
  ASKED,
  CALM,
  clock,
  ENGINE,
  ENGINE_AT,
  ENTERED,
  POSTED,
  TAKEN,
  TERMINATED,
  TERMINATING,
  THROWN,
  WANTED,
} from './signals.js';

/**
 * A thread of the user process that stops what its main thread runs. The main thread is asked first; if it does
 * not answer it is inside a loop, and V8 is told to end that script.
 */
const shared = new Int32Array(workerData as SharedArrayBuffer);
const port = parentPort!;

const GRACE_MS = 60;
/** Where the cell is about to come to a safe point, its `finally` blocks run, or another cell's code is in the way. */
const ENGINE_MS = 2000;
const FINALLY_MS = 1000;
const OTHERS_MS = 1000;
const AGAIN_MS = 100;
const SOON_MS = 1;
const LEAVE_MS = 300;

/** A session that stays connected would keep the process from exiting, so each lasts for one call. */
const ask = (method: string, params: object, then: (value?: unknown) => void): void => {
  const session = new Session();
  session.connectToMainThread();
  (session.post as (...args: unknown[]) => void)(
    method,
    params,
    (_: unknown, answer?: { result?: { value?: unknown } }) => {
      session.disconnect();
      then(answer?.result?.value);
    },
  );
};

let requests = 0;

/** The main thread waits for this inside the script that is to end, so that nothing else ends in its place. */
const terminate = () => {
  if (Atomics.compareExchange(shared, TERMINATING, WANTED, TAKEN) !== WANTED) return;
  Atomics.store(shared, TERMINATED, requests);
  ask('Runtime.terminateExecution', {}, () => {
    Atomics.store(shared, TERMINATING, CALM);
    port.postMessage('calm' satisfies Interruption);
  });
  Atomics.store(shared, TERMINATING, POSTED);
  Atomics.notify(shared, TERMINATING);
};

const grace = (cell: number): number => {
  if (Atomics.load(shared, THROWN) === cell) return FINALLY_MS;
  const engine = Atomics.load(shared, ENGINE) > 0 || clock() - Atomics.load(shared, ENGINE_AT) < 1000;
  return engine ? ENGINE_MS : GRACE_MS;
};

const insist = (request: number, cell: number, since: number): void => {
  const unanswered = () => Atomics.load(shared, ANSWERED) < request && Atomics.load(shared, ENTERED) <= cell;
  if (!unanswered()) return;
  const passed = clock() - since;
  const again = (ms: number) => setTimeout(insist, ms, request, cell, since);
  if (passed < grace(cell)) {
    again(GRACE_MS);
    return;
  }
  const expression = `$tsnb.force(${request}, ${cell}, ${clock()}, ${passed < OTHERS_MS})`;
  ask('Runtime.evaluate', { expression, returnByValue: true }, soon => {
    if (unanswered()) again(soon === true ? SOON_MS : AGAIN_MS);
  });
};

const interrupt = (cell: number): void => {
  const request = ++requests;
  Atomics.store(shared, ASKED, cell);
  port.postMessage({ request, cell } satisfies Interruption);
  setTimeout(insist, GRACE_MS, request, cell, clock());
};

port.on('message', terminate);

const socket = new Socket({ fd: INTERRUPT_FD, readable: true, writable: false });
let held = '';
socket.on('data', chunk => {
  const lines = (held + chunk).split('\n');
  held = lines.pop() ?? '';
  for (const line of lines) interrupt(Number(line));
});
// The kernel has gone. The main thread leaves by itself, unless it is inside a loop that nobody can interrupt any more.
socket.on('close', () => setTimeout(endGroup, LEAVE_MS));
socket.on('error', () => undefined);
