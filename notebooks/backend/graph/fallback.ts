/** How a function runs for one key of shapes, dtypes and plain values. */
export type Mode = 'tracing' | 'device' | 'xla' | 'graph' | 'eager';

/** The first line that says something, and the op it names. */
export const cause = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  const unsupported = /(?:unsupported operations|No registered)[^:]*?'?(\w+)'? ?(?:OpKernel|\()/.exec(message);
  const first = message
    .split('\n')
    .map(line => line.replace(/^Message: /, '').trim())
    .find(line => line !== '' && !line.startsWith('Invalid TF_Status'));
  return unsupported ? `${unsupported[1]}: ${first}` : (first ?? message);
};

/** Says each thing once. */
export const once = (say: (message: string) => void): ((message: string) => void) => {
  const said = new Set<string>();
  return message => {
    if (said.has(message)) return;
    said.add(message);
    say(message);
  };
};
