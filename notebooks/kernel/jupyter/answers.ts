import type { CompilerClient } from '../compiler/compiler-client.js';
import type { CommTable } from './comm.js';
import { complete, noCompletions, type Properties } from './complete.js';
import type { ConnectionInfo } from './connection.js';
import type { History } from './history.js';
import { inspectName, notFound } from './inspection.js';
import { newest } from './newest.js';
import type { Json } from './wire.js';

/** Requests that need no cell to run: they are answered while one does. */
export type Answers = Readonly<Record<string, (content: Json) => Json | Promise<Json>>>;

export interface AnswerParts {
  readonly compiler: CompilerClient;
  /** Of a value that cells have. */
  readonly properties: Properties;
  readonly history: History;
  readonly comms: CommTable;
  readonly info: Json;
  readonly connection: ConnectionInfo;
  /** Where relative paths in cells may begin. */
  readonly directories: readonly string[];
}

export const createAnswers = ({
  compiler,
  properties,
  history,
  comms,
  info,
  connection,
  directories,
}: AnswerParts): Answers => ({
  kernel_info_request: () => info,
  complete_request: newest(content => complete({ compiler, properties, directories }, content), noCompletions),
  inspect_request: newest(content => inspectName(compiler, content), notFound),
  history_request: content => ({ status: 'ok', history: history.request(content) }),
  comm_info_request: content => comms.info(content),
  connect_request: () => {
    const { shell_port, iopub_port, stdin_port, control_port, hb_port } = connection;
    return { status: 'ok', shell_port, iopub_port, stdin_port, control_port, hb_port };
  },
  async is_complete_request({ code }) {
    const status = await compiler.isComplete(String(code ?? ''));
    return status === 'incomplete' ? { status, indent: '  ' } : { status };
  },
  shutdown_request: ({ restart }) => ({ status: 'ok', restart: restart === true }),
});
