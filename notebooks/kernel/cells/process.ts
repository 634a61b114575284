import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { encodeFrame, frameReader } from '../link/channel.js';
import { COMMAND_FD, type Command, INTERRUPT_FD, REPORT_FD, type Report, type UserOptions } from '../link/protocol.js';
import type { Project } from '../project/project.js';
import type { Scripts } from './scripts.js';
import { stackOption } from './stack.js';

/** The process that runs the cells, seen from the kernel. */
export interface UserProcess {
  readonly pid: number | undefined;
  send(command: Command, buffers?: readonly Uint8Array[]): void;
  /** Asks the interrupt thread of the process to stop this cell, or not to begin it. */
  interrupt(cell: number): void;
  /** Resolves when everything that it, or a child of it, has written by now has been handed on. */
  drained(): Promise<void>;
  /** Ends it: by request, then by force. */
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

export interface Listener {
  report(report: Report, buffers: readonly Uint8Array[]): void;
  /** Output of native code and child processes, read at the file descriptors. */
  output(name: 'stdout' | 'stderr', text: string): void;
  /** After the last report and output of the process. `how` says what ended it. */
  ended(how: Ending): void;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It was ended because it had closed its lines to the kernel. */
  readonly mute?: boolean;
}

const PATIENCE_MS = 1000;
const MUTE_MS = 1000;

export const startUserProcess = (project: Project, scripts: Scripts, listener: Listener): UserProcess => {
  const { loader, interrupter, tslab, own } = scripts;
  const urls = { loader: loader.href, interrupter: interrupter.href, tslab: tslab.href };
  const options: UserOptions = { project, own, ...urls };
  const execArgv = [...scripts.execArgv, ...stackOption()];
  const child = spawn(process.execPath, [...execArgv, fileURLToPath(scripts.user), JSON.stringify(options)], {
    cwd: project.root,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    // A group of its own: a Ctrl-C at the terminal is for the kernel, which passes it on as an interrupt.
    detached: true,
  });
  const pipe = (fd: number) => child.stdio[fd] as unknown as Readable & Writable;
  readText(pipe(1), text => listener.output('stdout', text));
  readText(pipe(2), text => listener.output('stderr', text));
  pipe(REPORT_FD).on(
    'data',
    frameReader(
      ({ body, buffers }) => listener.report(body as unknown as Report, buffers),
      // Somebody believes that this descriptor is a file of theirs.
      bytes => listener.output('stderr', bytes.toString('utf8')),
    ),
  );
  let running = true;
  let mute = false;
  for (const fd of [REPORT_FD, COMMAND_FD, INTERRUPT_FD]) {
    pipe(fd).on('error', () => undefined);
    // Also of a process that has ended, of which word is on its way.
    pipe(fd).once('close', () => {
      setTimeout(() => {
        mute ||= running;
        kill('SIGKILL');
      }, MUTE_MS).unref();
    });
    pipe(fd).resume();
  }
  const ended = new Promise<void>(resolve => {
    onEnd(child, pipe(REPORT_FD), ending => {
      running = false;
      killGroup(child, 'SIGKILL');
      listener.ended({ ...ending, mute });
      resolve();
    });
  });
  const kill = (signal: NodeJS.Signals) => {
    if (running) killGroup(child, signal);
  };
  const send = (command: Command, buffers: readonly Uint8Array[] = []) => {
    if (running) pipe(COMMAND_FD).write(encodeFrame(command, buffers));
  };
  return {
    pid: child.pid,
    send,
    interrupt: cell => void (running && pipe(INTERRUPT_FD).write(`${cell}\n`)),
    drained: pollOnce,
    async stop() {
      send({ type: 'shutdown' });
      const timer = setTimeout(() => kill('SIGKILL'), PATIENCE_MS);
      await ended;
      clearTimeout(timer);
    },
    kill,
  };
};

/** The process and the children that it has left behind. */
const killGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
};

const readText = (source: Readable, text: (text: string) => void): void => {
  source.setEncoding('utf8').on('data', text);
  source.on('error', () => undefined);
};

/**
 * Resolves once the event loop has asked the system for input after this call. What a process wrote to its pipes
 * before it reported something is in them when the report is read, and one turn of the loop reads a pipe empty.
 */
const pollOnce = async (): Promise<void> => {
  await turn(); // the one that is running
  await turn(); // a whole one
};

/** The process has exited and its reports are read; output pipes may be held open by its children, so they are not waited for. */
const onEnd = (child: ChildProcess, reports: Readable, done: (ending: Ending) => void): void => {
  const exited = new Promise<Ending>(resolve => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: 127, signal: null }));
  });
  const closed = new Promise(resolve => reports.once('close', resolve));
  void exited.then(async ending => {
    await Promise.race([closed, new Promise(resolve => setTimeout(resolve, 200))]);
    await pollOnce();
    done(ending);
  });
};
