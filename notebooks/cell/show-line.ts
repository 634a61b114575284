type Emit = (type: 'display_data', content: { data: Readonly<Record<string, unknown>>; metadata: object }) => void;

/** Shows a line of text, with a value of this MIME type beside it for programs; where no kernel listens it is printed. */
export const showLine = (line: string, mime: string, value: unknown): void => {
  const emit = (globalThis as { [name: symbol]: unknown })[Symbol.for('Jupyter.emit')] as Emit | undefined;
  if (emit) emit('display_data', { data: { 'text/plain': line, [mime]: value }, metadata: {} });
  else console.log(line);
};
