import type { Events } from '../cells/execution.js';
import type { Bundle, Report } from '../link/protocol.js';
import type { CommTable } from './comm.js';
import type { History } from './history.js';
import type { Session } from './session.js';
import { createStreams } from './streams.js';
import type { Message } from './wire.js';

/** What the user process reports → iopub messages, each in the name of the request whose cell it came from. */
export interface Outputs extends Events {
  begin(parent: Message): number;
  visit(parent: Message): { readonly cell: number; leave(): void };
  flush(): void;
}

/** Late output of older cells than this has no parent any more. */
const KEPT = 1000;

export const createOutputs = (session: Session, comms: CommTable, history: History, count: () => number): Outputs => {
  const parents = new Map<number, Message>();
  let cells = 0;
  let latest = 0;
  const streams = createStreams((name, text, cell) => {
    void session.publish('stream', { name, text }, parents.get(cell));
  });

  const result = (cell: number, content: Bundle) => {
    const execution_count = count();
    const text = (content.data as Bundle | undefined)?.['text/plain'];
    if (typeof text === 'string') history.output(execution_count, text);
    void session.publish('execute_result', { execution_count, ...content }, parents.get(cell));
  };

  const report = (said: Report, buffers: readonly Uint8Array[]) => {
    if (said.type === 'stream') return streams.write(said.name, said.text, said.cell);
    if (!('cell' in said)) return;
    streams.flush();
    const parent = parents.get(said.cell);
    if (said.type === 'display') void session.publish(said.kind, { ...said.content }, parent);
    if (said.type === 'result') result(said.cell, said.content);
    if (said.type === 'comm') {
      comms.pass(said.kind, said.content);
      void session.publish(said.kind, { ...said.content }, parent, { metadata: { ...said.metadata }, buffers });
    }
    if (said.type === 'input_request' && parent) {
      const { prompt, password } = said;
      void session.ask('input_request', { prompt, password }, parent);
    }
  };

  const begin = (parent: Message): number => {
    latest = ++cells;
    parents.set(latest, parent);
    const [oldest] = parents.keys();
    if (parents.size > KEPT) parents.delete(oldest!);
    return latest;
  };

  return {
    report,
    output: (name, text) => streams.write(name, text, latest),
    error(cell, error) {
      streams.flush();
      void session.publish('error', { ...error }, parents.get(cell));
    },
    replaced: (cell, { evalue }) => streams.write('stderr', `${evalue}\n`, cell),
    ended: comms.clear,
    begin,
    again: (of, otherwise) => begin(parents.get(of) ?? parents.get(otherwise)!),
    visit(parent) {
      const cell = ++cells;
      parents.set(cell, parent);
      return { cell, leave: () => void parents.delete(cell) };
    },
    flush: streams.flush,
  };
};
