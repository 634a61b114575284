import { type Entry, KEPT, printedSize, readable, shortened } from './long-output.js';
import type { DisplayOutput, Metadata, MimeBundle, Output } from './record/nbformat.js';

/** The part of a Jupyter message that makes outputs. */
export interface OutputMessage {
  readonly type: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Collects the outputs of one cell from iopub messages. */
export interface Collector {
  /** True where the message was an output (or cleared some). */
  add(message: OutputMessage): boolean;
  /** Replaces what was displayed under an id; true where this cell has such a display. */
  update(displayId: string, data: MimeBundle, metadata: Metadata): boolean;
  readonly outputs: readonly Output[];
}

/** What a terminal would show: a carriage return starts the line again, as progress bars expect. */
export const overwritten = (text: string): string =>
  text
    .split('\n')
    .map(line => {
      const kept = line.replace(/\r+$/, '');
      return kept.slice(kept.lastIndexOf('\r') + 1);
    })
    .join('\n');

/** An entry as a terminal shows it by now; what stands at the start of its last line may still be overwritten. */
const rewritten = (entry: Entry): Entry => {
  const { output } = entry;
  if (output.output_type !== 'stream' || !output.text.includes('\r')) return entry;
  const open = /\r*$/.exec(output.text)?.[0] ?? '';
  return { ...entry, output: { ...output, text: overwritten(output.text) + open } };
};

const displayId = (content: OutputMessage['content']): string | undefined => {
  const { display_id } = (content.transient ?? {}) as { display_id?: unknown };
  return typeof display_id === 'string' ? display_id : undefined;
};

const PNG = 'image/png';

/** The size of a figure's picture, where the bundle came without: a cell's last value carries no metadata. */
const sized = (data: MimeBundle, metadata: Metadata): Metadata => {
  const { layout } = (data['application/vnd.plotly.v1+json'] ?? {}) as { layout?: Metadata };
  if (data[PNG] === undefined || metadata[PNG] !== undefined || !layout?.width || !layout.height) return metadata;
  return { ...metadata, [PNG]: { width: layout.width, height: layout.height } };
};

const display = (output_type: DisplayOutput['output_type'], content: OutputMessage['content']): DisplayOutput => {
  const data = (content.data ?? {}) as MimeBundle;
  return { output_type, data, metadata: sized(data, (content.metadata ?? {}) as Metadata) };
};

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

export const collector = (): Collector => {
  let entries: Entry[] = [];
  let size = 0;
  /** clear_output with wait: what is shown stays until the next output. */
  let pending = false;
  const clear = (): void => {
    entries = [];
    size = 0;
    pending = false;
  };
  const push = (entry: Entry): true => {
    if (pending) clear();
    entries.push(entry);
    return true;
  };
  const print = (name: 'stdout' | 'stderr', text: string): true => {
    const last = pending ? undefined : entries.at(-1)?.output;
    const joins = last?.output_type === 'stream' && last.name === name;
    if (joins) entries.pop();
    push({ output: { output_type: 'stream', name, text: (joins ? last.text : '') + text } });
    size += text.length;
    // Seldom: it copies what it keeps.
    if (size > 2 * KEPT) {
      entries = [...shortened(entries.map(rewritten))];
      size = printedSize(entries);
    }
    return true;
  };
  const handlers: Readonly<Record<string, (content: OutputMessage['content']) => true>> = {
    stream: c => print(c.name === 'stderr' ? 'stderr' : 'stdout', String(c.text ?? '')),
    display_data: c => push({ output: display('display_data', c), id: displayId(c) }),
    execute_result: c => push({ output: display('execute_result', c), id: displayId(c) }),
    error: ({ ename, evalue, traceback }) =>
      push({
        output: { output_type: 'error', ename: String(ename), evalue: String(evalue), traceback: strings(traceback) },
      }),
    clear_output: c => {
      if (c.wait === true) pending = true;
      else clear();
      return true;
    },
  };
  return {
    add: ({ type, content }) => handlers[type]?.(content) ?? false,
    update(id, data, metadata) {
      const found = entries.some(entry => entry.id === id);
      entries = entries.map(entry =>
        entry.id === id && 'data' in entry.output ? { ...entry, output: { ...entry.output, data, metadata } } : entry,
      );
      return found;
    },
    get outputs() {
      return readable(shortened(entries.map(rewritten))).map(output =>
        output.output_type === 'stream' ? { ...output, text: overwritten(output.text) } : output,
      );
    },
  };
};
