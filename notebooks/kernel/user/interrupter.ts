import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { endGroup } from '../link/channel.js';
import { INTERRUPT_FD } from '../link/protocol.js';
import type { Interruption } from './interrupts.js';
import {
  ANSWERED,
  ASKED,
  clock,
  ENGINE,
  ENGINE_AT,
  ENTERED,
  SENDING,
  TERMINATED,
  TERMINATING,
  THROWN,
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
/** Nobody reads reports for so long but a kernel that is gone. */
const TRIES = 1000;
const LEAVE_MS = 300;

/** A session that stays connected would keep the process from exiting, so each lasts for one call. */
const ask = (method: string, params: object, then: (result?: { result?: { value?: unknown } }) => void): void => {
  const session = new Session();
  session.connectToMainThread();
  (session.post as (...args: unknown[]) => void)(method, params, (_: unknown, result?: object) => {
    session.disconnect();
    then(result);
  });
};

/**
 * One at a time, and none while the main thread writes a report: it looks at TERMINATING before it begins, as this
 * looks at SENDING after it has said so.
 */
const terminate = (request: number, wanted = () => true, tries = 0) => {
  if (Atomics.load(shared, TERMINATING) !== 0) return;
  Atomics.store(shared, TERMINATING, 1);
  const calm = () => {
    Atomics.store(shared, TERMINATING, 0);
    port.postMessage('calm' satisfies Interruption);
  };
  const wait = Atomics.load(shared, SENDING) !== 0 && tries < TRIES;
  if (wait || !wanted()) {
    calm();
    if (wait) setTimeout(terminate, SOON_MS, request, wanted, tries + 1);
    return;
  }
  Atomics.store(shared, TERMINATED, request);
  ask('Runtime.terminateExecution', {}, calm);
};

let requests = 0;

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
  const asked = clock();
  ask('Runtime.evaluate', { expression: '$tsnb.running()', returnByValue: true }, answer => {
    const running = Number(answer?.result?.value ?? 0);
    const others = running !== 0 && running !== cell && passed < OTHERS_MS;
    // Back from a long call of native code, the cell may be about to come to a safe point.
    const back = clock() - asked > GRACE_MS;
    if (!others && !back) terminate(request, unanswered);
    if (unanswered()) again(AGAIN_MS);
  });
};

const interrupt = (cell: number): void => {
  const request = ++requests;
  Atomics.store(shared, ASKED, cell);
  port.postMessage({ request, cell } satisfies Interruption);
  setTimeout(insist, GRACE_MS, request, cell, clock());
};

/** The main thread asks for its own termination, inside a continuation that is not to run. */
port.on('message', () => terminate(requests));

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
