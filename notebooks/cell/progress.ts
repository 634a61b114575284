import { randomUUID } from 'node:crypto';

/**
 * A progress bar that updates in place, in a notebook and in a terminal.
 *
 *   for (const batch of progress(batches, { label: 'epoch 1' })) …     // arrays, generators, async iterables
 *   const bar = progress(1000);                                        // or by hand
 *   bar.update(250, 'loss 0.31');
 *   bar.end();
 */
export interface ProgressOptions {
  readonly label?: string;
  /** How many items an iterable without a length will give. */
  readonly total?: number;
  /** At most one update in this many milliseconds. */
  readonly every?: number;
  /** Where the bar goes; by default the notebook, or else the terminal. */
  readonly draw?: Draw;
  /** Milliseconds; for tests. */
  readonly now?: () => number;
}

export interface Bar {
  /** @param done items done so far. @param note is shown behind the bar. */
  update(done: number, note?: string): void;
  end(): void;
}

/** Shows one state of the bar; `last` is the final one. */
export type Draw = (state: {
  readonly text: string;
  readonly fraction: number | undefined;
  readonly last: boolean;
}) => void;

export function progress(total: number, options?: ProgressOptions): Bar;
export function progress<T>(items: Iterable<T>, options?: ProgressOptions): Iterable<T>;
export function progress<T>(items: AsyncIterable<T>, options?: ProgressOptions): AsyncIterable<T>;
export function progress<T>(
  items: number | Iterable<T> | AsyncIterable<T>,
  options: ProgressOptions = {},
): Bar | Iterable<T> | AsyncIterable<T> {
  if (typeof items === 'number') return createBar({ ...options, total: items });
  const { length, size } = items as { length?: number; size?: number };
  const total = options.total ?? length ?? size;
  const start = () => createBar({ ...options, ...(total === undefined ? {} : { total }) });
  return Symbol.asyncIterator in items ? overAsync(items, start) : over(items, start);
}

function* over<T>(items: Iterable<T>, start: () => Bar): Generator<T> {
  const bar = start();
  let done = 0;
  try {
    for (const item of items) {
      yield item;
      bar.update(++done);
    }
  } finally {
    bar.end();
  }
}

async function* overAsync<T>(items: AsyncIterable<T>, start: () => Bar): AsyncGenerator<T> {
  const bar = start();
  let done = 0;
  try {
    for await (const item of items) {
      yield item;
      bar.update(++done);
    }
  } finally {
    bar.end();
  }
}

const createBar = ({ label, total, every = 100, draw = defaultDraw(), now = Date.now }: ProgressOptions): Bar => {
  const began = now();
  let drawn = Number.NEGATIVE_INFINITY;
  let state = { done: 0, note: '' };
  let ended = false;
  const show = (last: boolean) => {
    drawn = now();
    const fraction = total === undefined ? undefined : total === 0 ? 1 : Math.min(1, state.done / total);
    draw({ text: describe({ ...state, label, total, fraction, seconds: (drawn - began) / 1000 }), fraction, last });
  };
  show(false);
  return {
    update(done, note = state.note) {
      state = { done, note };
      if (!ended && now() - drawn >= every) show(false);
    },
    end() {
      if (!ended) show(true);
      ended = true;
    },
  };
};

interface Description {
  readonly label: string | undefined;
  readonly done: number;
  readonly total: number | undefined;
  readonly fraction: number | undefined;
  readonly seconds: number;
  readonly note: string;
}

const WIDTH = 24;

/** epoch 1 ██████░░░░ 60% 30/50, 0:03, 0:02 left, 10.0/s, loss 0.31 */
const describe = ({ label, done, total, fraction, seconds, note }: Description): string => {
  const filled = Math.round((fraction ?? 0) * WIDTH);
  const bar =
    fraction === undefined ? '' : `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${Math.round(100 * fraction)}%`;
  const count = total === undefined ? `${done}` : `${done}/${total}`;
  const rate = seconds > 0 && done > 0 ? done / seconds : undefined;
  const left = rate && total !== undefined && done < total ? `${clock((total - done) / rate)} left` : '';
  const times = [clock(seconds), left, rate ? `${rate.toFixed(rate < 10 ? 2 : 1)}/s` : '', note];
  return [label ?? '', bar, [count, ...times].filter(part => part !== '').join(', ')]
    .filter(part => part !== '')
    .join(' ');
};

/** Minutes and seconds. */
export const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

type Emit = (type: string, content: object) => void;

const defaultDraw = (): Draw => {
  const emit = (globalThis as unknown as Record<symbol, Emit | undefined>)[Symbol.for('Jupyter.emit')];
  if (emit) return notebookDraw(emit);
  return process.stderr.isTTY ? terminalDraw() : ({ text, last }) => void (last && process.stderr.write(`${text}\n`));
};

const notebookDraw = (emit: Emit): Draw => {
  const transient = { display_id: randomUUID() };
  let type = 'display_data';
  return ({ text, fraction }) => {
    const value = fraction === undefined ? '' : ` value="${fraction}"`;
    const html = `<progress max="1"${value}></progress> <code>${text.replace(/[█░]+ /, '').replaceAll('<', '&lt;')}</code>`;
    emit(type, { data: { 'text/plain': text, 'text/html': html }, metadata: {}, transient });
    type = 'update_display_data';
  };
};

/** Carriage return and "erase to the end of the line": the line is drawn over. */
const terminalDraw =
  (): Draw =>
  ({ text, last }) =>
    void process.stderr.write(`\r\u001b[K${text}${last ? '\n' : ''}`);
