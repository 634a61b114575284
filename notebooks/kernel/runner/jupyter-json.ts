// JSON as Jupyter writes a notebook file, to the byte: opened and saved, a notebook of ours is as it was. Jupyter is
// Python, with sort_keys and an indent of 1.

/** What ends a line for Python's str.splitlines. */
const END = '\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029';
const LINE = new RegExp(`[^${END}]*(?:\\r\\n|[${END}])|.+$`, 'gsu');

/** Lines with their ends, as nbformat stores text so that diffs are readable. */
export const lines = (text: string): string[] => text.match(LINE) ?? [];

/** MIME types whose text is stored by lines. */
export const byLines = (mime: string): boolean =>
  mime.startsWith('text/') || mime === 'application/javascript' || mime === 'image/svg+xml';

/** Python's repr: fractions below 10⁻⁴ have an exponent, and exponents two digits. */
const number = (value: number): string => {
  const text = JSON.stringify(value);
  const small = value !== 0 && Math.abs(value) < 1e-4 && !text.includes('e');
  return (small ? value.toExponential() : text).replace(/e([+-])(\d)$/, 'e$10$2');
};

/** By code points: JavaScript compares halves of a character. */
const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const block = (open: string, items: readonly string[], close: string, indent: string): string =>
  items.length === 0
    ? open + close
    : `${open}\n${items.map(each => `${indent} ${each}`).join(',\n')}\n${indent}${close}`;

export const jupyterJson = (value: unknown, indent = ''): string => {
  const inner = (each: unknown) => jupyterJson(each, `${indent} `);
  if (typeof value === 'number') return number(value);
  if (Array.isArray(value)) return block('[', value.map(inner), ']', indent);
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  const sorted = entries.sort(([a], [b]) => compare(a, b));
  const members = sorted.map(([key, each]) => `${JSON.stringify(key)}: ${inner(each)}`);
  return block('{', members, '}', indent);
};
