import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { endGroup } from '../link/channel.js';
import { INTERRUPT_FD } from '../link/protocol.js';
import { ANSWERED, ASKED, type Interruption } from './interrupts.js';

/**
 * A thread of the user process that stops what its main thread runs. The main thread is asked first; if it does
 * not answer it is inside a loop, and V8 is told to end that script.
 */
const shared = new Int32Array(workerData as SharedArrayBuffer);
const port = parentPort!;

const GRACE_MS = 60;
const AGAIN_MS = 100;
const LEAVE_MS = 300;

/** A session that stays connected would keep the process from exiting, so each lasts for one call. */
const terminate = (): void => {
  const session = new Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution', () => session.disconnect());
  setTimeout(() => session.disconnect(), AGAIN_MS).unref();
};

let requests = 0;

const insist = (request: number): void => {
  if (Atomics.load(shared, ANSWERED) >= request) return;
  terminate();
  setTimeout(insist, AGAIN_MS, request);
};

const interrupt = (cell: number): void => {
  const request = ++requests;
  Atomics.store(shared, ASKED, cell);
  port.postMessage({ request, cell } satisfies Interruption);
  setTimeout(insist, GRACE_MS, request);
};

/** The main thread asks for its own termination, inside a continuation that is not to run. */
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
