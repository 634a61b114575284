import { internal } from './cells/errors.js';
import { createExecution } from './cells/execution.js';
import { staleMode } from './cells/freshness.js';
import { scripts } from './cells/scripts.js';
import { startCompiler } from './compiler/compiler-client.js';
import { createAnswers } from './jupyter/answers.js';
import { createCommTable } from './jupyter/comm.js';
import type { ConnectionInfo } from './jupyter/connection.js';
import { createExecutions } from './jupyter/execute.js';
import { historyFile, openHistory } from './jupyter/history.js';
import { kernelInfo } from './jupyter/info.js';
import { createOutputs } from './jupyter/outputs.js';
import { createSession } from './jupyter/session.js';
import { createShell } from './jupyter/shell.js';
import { bindSockets, type Sockets } from './jupyter/sockets.js';
import { onOrphaned } from './project/parent.js';
import { findProject } from './project/project.js';

/** Runs a kernel on these sockets; resolves when a client has shut it down. */
export const runKernel = async (connection: ConnectionInfo, version: string): Promise<void> => {
  const project = findProject(process.cwd());
  const files = scripts();
  let sockets: Sockets | undefined;
  const session = createSession(() => sockets!);
  const history = openHistory(historyFile(process.env));
  const comms = createCommTable();
  const compiler = startCompiler(project, files.compiler);
  const outputs = createOutputs(session, comms, history, () => executions.count());
  const execution = createExecution(project, files, compiler, outputs, staleMode(process.env));
  const executions = createExecutions({ session, execution, history, ...outputs });
  const { promise: finished, resolve: finish } = deferred();
  const directories = [...new Set([project.root, project.notebook])];
  const info = kernelInfo(version);
  const { properties } = execution;
  const answers = createAnswers({ compiler, properties, history, comms, connection, info, directories });
  const shell = createShell({
    session,
    answers,
    ...executions,
    interrupt: execution.interrupt,
    comm(kind, message) {
      comms.pass(kind, message.content);
      return executions.comm(kind, message);
    },
    rested() {
      void compiler.settle().catch(() => undefined);
      execution.settle();
    },
    shutdown: finish,
  });

  sockets = await bindSockets(connection, {
    message(channel, message) {
      if (channel !== 'stdin') return shell.receive(channel, message);
      const value = String(message.content.value ?? '');
      if (message.header.msg_type === 'input_reply') execution.send({ type: 'input_reply', value });
    },
    subscribed: topic =>
      void session.publish('iopub_welcome', { subscription: topic.toString() }, undefined, { topic }),
  });
  void session.publish('status', { execution_state: 'starting' });
  // A fault in one answer must not take the session down.
  process.on('unhandledRejection', error => process.stderr.write(`tsnb: ${internal(error).traceback.join('\n')}\n`));
  process.on('SIGINT', execution.interrupt);
  process.on('SIGTERM', finish);
  onOrphaned(process.env, finish);
  await finished;
  // Its thread could not end while it waits for a check.
  compiler.cut();
  await execution.stop();
  await sockets.close();
};

const deferred = () => {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>(done => {
    resolve = done;
  });
  return { promise, resolve };
};
