/** MIME type under which a kernel passes on that something was left out, for the runner to know. */
export const LEFT_OUT_MIME = 'application/vnd.tsnb.left-out+json';

type Emit = (type: 'display_data', content: { data: Readonly<Record<string, unknown>>; metadata: object }) => void;

/**
 * Says that a part of the notebook does not run here, and why: the run succeeds, and the runner repeats it the next time
 * rather than taking it for the whole.
 */
export const leftOut = (what: string, why: string): void => {
  const line = `left out: ${what} (${why})`;
  const emit = (globalThis as { [name: symbol]: unknown })[Symbol.for('Jupyter.emit')] as Emit | undefined;
  if (emit) emit('display_data', { data: { 'text/plain': line, [LEFT_OUT_MIME]: { what, why } }, metadata: {} });
  else console.log(line);
};
