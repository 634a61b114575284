import { startCompiler } from './compile/client.js';
import type { ConnectionInfo } from './connection.js';
import { createExecution } from './execution.js';
import { kernelInfo } from './info.js';
import { findProject } from './project.js';
import type { Report } from './protocol.js';
import { scripts } from './scripts.js';
import { createSession } from './session.js';
import { createShell } from './shell.js';
import { bindSockets, type Sockets } from './sockets.js';
import { createStreams } from './streams.js';
import type { Message } from './wire.js';

/** Starts a kernel on these sockets; resolves when a client has shut it down. */
export const runKernel = async (info: ConnectionInfo, version: string): Promise<void> => {
  const project = findProject(process.cwd());
  const files = scripts();
  const compiler = startCompiler(project, files.compiler);
  let sockets: Sockets | undefined;
  const session = createSession(() => sockets!);
  const parents = new Map<number, Message>();

  const streams = createStreams((name, text, cell) => {
    void session.publish('stream', { name, text }, parents.get(cell));
  });
  let latest = 0;
  const execution = createExecution(project, files, compiler, {
    output: (name, text) => streams.write(name, text, latest),
    error(cell, error) {
      streams.flush();
      void session.publish('error', { ...error }, parents.get(cell));
    },
    report(report: Report) {
      if (report.type === 'stream') return streams.write(report.name, report.text, report.cell);
      streams.flush();
      if (report.type === 'display')
        void session.publish(report.kind, { ...report.content }, parents.get(report.cell));
      if (report.type === 'result') {
        const execution_count = shell.count();
        void session.publish(
          'execute_result',
          { execution_count, ...report.content },
          parents.get(report.cell),
        );
      }
    },
  });

  let finish: () => void = () => undefined;
  const finished = new Promise<void>(resolve => {
    finish = resolve;
  });
  const shell = createShell({
    ...{ session, execution, compiler, streams },
    info: kernelInfo(version),
    begin(cell, parent) {
      latest = cell;
      parents.set(cell, parent);
      parents.delete(cell - 1000);
    },
    shutdown: finish,
  });

  sockets = await bindSockets(info, {
    message: (channel, message) => shell.receive(channel, message),
    subscribed: topic =>
      void session.publish('iopub_welcome', { subscription: topic.toString() }, undefined, { topic }),
  });
  await finished;
  await execution.stop();
  await compiler.close();
  await sockets.close();
};
