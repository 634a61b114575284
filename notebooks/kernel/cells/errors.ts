import type { CellError } from '../compiler/compiler.js';
import type { ErrorContent } from '../link/protocol.js';
import type { Ending } from './process.js';

/** The `error` message for a cell that does not type-check. */
export const typeErrors = (errors: readonly CellError[], source: string, label: string): ErrorContent => {
  const lines = source.split('\n');
  const traceback = errors.flatMap(({ message, line, column, length }) => {
    const text = lines[line - 1] ?? '';
    const width = Math.max(1, Math.min(length, text.length - column + 1));
    const gutter = String(line);
    return [
      `cell [${label}]:${line}:${column} - ${message}`,
      `${gutter} | ${text}`,
      `${' '.repeat(gutter.length)} | ${' '.repeat(column - 1)}${'~'.repeat(width)}`,
    ];
  });
  const first = errors[0];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const evalue = `${first?.line}:${first?.column} ${first?.message}${more}`;
  return { ename: first?.syntax ? 'SyntaxError' : 'TypeScriptError', evalue, traceback };
};

/** The cell was not run: a fresh run would give it something else. */
export const staleCell = (what: string): ErrorContent => {
  const evalue = `not as in a fresh run: ${what}`;
  return { ename: 'StaleError', evalue, traceback: [`StaleError: ${evalue}`] };
};

/** The process that ran the cell is gone. */
export const processEnded = ({ code, signal, mute }: Ending): ErrorContent => {
  const closed = 'has closed its lines to the kernel (file descriptors 3 to 5), and was ended';
  const how = mute ? closed : signal ? `was killed by ${signal}` : `exited with code ${code}`;
  const memory = signal === 'SIGABRT' || code === 134 ? ' (out of memory, perhaps: see its stderr)' : '';
  const evalue = `the process that runs the cells ${how}${memory}; all names are gone, the next cell starts a new one`;
  return { ename: 'ProcessEnded', evalue, traceback: [`ProcessEnded: ${evalue}`] };
};

/** The process was ended, for nothing else would have ended the cell. */
export const processReplaced = (seconds: number): ErrorContent => {
  const what = `the cell did not end within ${seconds} s of an interrupt, as it waits for what cannot be interrupted`;
  const evalue = `${what}; so the process that runs the cells was ended, all names are gone, the next cell starts a new one`;
  return { ename: 'ProcessEnded', evalue, traceback: [`ProcessEnded: ${evalue}`] };
};

/** A fault of the kernel itself: the cell is answered all the same. */
export const internal = (error: unknown): ErrorContent => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { ename: 'KernelError', evalue: text.split('\n')[0] ?? '', traceback: text.split('\n') };
};
