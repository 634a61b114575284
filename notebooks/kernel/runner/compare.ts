import { overwritten } from './collector.js';
import { type Cell, type CodeCell, type MimeBundle, type Output, tagsOf } from './record/nbformat.js';

/** How far numbers may differ: |a − b| ≤ atol + rtol · max(|a|, |b|), in a figure relative to its array's largest. */
export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

/** What legitimately differs from run to run: durations, dates, identifiers, addresses, sizes in memory. */
const VOLATILE: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?/g, '‹date›'],
  [/\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi, '‹id›'],
  [/\b0x[\da-f]{6,}\b/gi, '‹address›'],
  [/\d+(\.\d+)?(e[-+]?\d+)?\s?(ns|µs|ms|s|sec|seconds|min|minutes|h)\b/g, '‹time›'],
  [/\d+(\.\d+)?\s?(k|M|G|Ki|Mi|Gi)?B\b/g, '‹size›'],
];

const steady = (text: string): string => VOLATILE.reduce((t, [pattern, word]) => t.replace(pattern, word), text);

const NUMBER = /[-−]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi;
const value = (digits: string): number => Number(digits.replace('−', '-'));

const near = (a: number, b: number, { rtol, atol }: Tolerance, scale = Math.max(Math.abs(a), Math.abs(b))): boolean =>
  Object.is(a, b) || Math.abs(a - b) <= atol + rtol * scale;

const quote = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}…` : text);

/** The first line that differs, numbers within the tolerance aside. */
const textDifference = (before: string, after: string, tolerance: Tolerance): string | undefined => {
  const [old, now] = [steady(before).trimEnd().split('\n'), steady(after).trimEnd().split('\n')];
  for (let i = 0; i < Math.max(old.length, now.length); i++) {
    const [a, b] = [old[i], now[i]];
    if (a === undefined || b === undefined) return `${old.length} lines became ${now.length}`;
    const [numbersA, numbersB] = [a.match(NUMBER) ?? [], b.match(NUMBER) ?? []];
    const words = a.replace(NUMBER, '#') === b.replace(NUMBER, '#');
    const close = numbersA.every((digits, k) => near(value(digits), value(numbersB[k] ?? 'NaN'), tolerance));
    if (!words || !close) return `line ${i + 1}: “${quote(a)}” became “${quote(b)}”`;
  }
  return undefined;
};

const isRecord = (v: unknown): v is Readonly<Record<string, unknown>> =>
  v !== null && typeof v === 'object' && !Array.isArray(v);

/** Plotly's base64 arrays, whose letters say nothing about how near the numbers are. */
const unpacked = (v: unknown): unknown => {
  if (!isRecord(v) || typeof v.bdata !== 'string') return v;
  const bytes = Uint8Array.from(Buffer.from(v.bdata, 'base64')).buffer;
  if (v.dtype === 'f4') return [...new Float32Array(bytes)];
  return v.dtype === 'f8' ? [...new Float64Array(bytes)] : v;
};

/** The first member of a JSON value that differs; numbers in an array are measured by its largest. */
const jsonDifference = (before: unknown, after: unknown, tolerance: Tolerance, path = ''): string | undefined => {
  const [a, b] = [unpacked(before), unpacked(after)];
  if (typeof a === 'number' && typeof b === 'number') {
    return near(a, b, tolerance) ? undefined : `${path}: ${a} became ${b}`;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return `${path}: ${a.length} entries became ${b.length}`;
    const scale = Math.max(0, ...a.filter(v => Number.isFinite(v)).map(Math.abs));
    return first(a.keys(), i =>
      typeof a[i] === 'number' && typeof b[i] === 'number' && near(a[i], b[i], tolerance, scale)
        ? undefined
        : jsonDifference(a[i], b[i], tolerance, `${path}[${i}]`),
    );
  }
  if (isRecord(a) && isRecord(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return first(keys, key => jsonDifference(a[key], b[key], tolerance, path === '' ? key : `${path}.${key}`));
  }
  if (typeof a === 'string' && typeof b === 'string' && a.startsWith('data:') && b.startsWith('data:'))
    return undefined;
  return a === b ? undefined : `${path}: ${quote(String(a))} became ${quote(String(b))}`;
};

const first = <T>(keys: Iterable<T>, differ: (key: T) => string | undefined): string | undefined => {
  for (const key of keys) {
    const found = differ(key);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Pictures are compared by what they were drawn from where that is at hand, and by being there otherwise. */
const bundleDifference = (a: MimeBundle, b: MimeBundle, tolerance: Tolerance): string | undefined =>
  first(new Set([...Object.keys(a), ...Object.keys(b)]), mime => {
    if (a[mime] === undefined || b[mime] === undefined)
      return `${mime} ${a[mime] === undefined ? 'is new' : 'is gone'}`;
    if (/json$/.test(mime)) return jsonDifference(a[mime], b[mime], tolerance, mime.replace(/^application\//, ''));
    return /^text\//.test(mime) ? textDifference(String(a[mime]), String(b[mime]), tolerance) : undefined;
  });

const outputDifference = (a: Output, b: Output, tolerance: Tolerance): string | undefined => {
  if (a.output_type !== b.output_type) return `${a.output_type} became ${b.output_type}`;
  if ('text' in a && 'text' in b) return textDifference(overwritten(a.text), overwritten(b.text), tolerance);
  if ('data' in a && 'data' in b) return bundleDifference(a.data, b.data, tolerance);
  return 'ename' in a && 'ename' in b && a.ename !== b.ename ? `${a.ename} became ${b.ename}` : undefined;
};

/** Tags of a cell: `volatile` (or nbval's word) excludes it, `rtol=…` and `atol=…` set its own tolerance. */
const toleranceOf = (cell: Cell, general: Tolerance): Tolerance | undefined => {
  const tags = tagsOf(cell);
  if (tags.includes('volatile') || tags.includes('nbval-ignore-output')) return undefined;
  const own = (name: string) => tags.find(tag => tag.startsWith(`${name}=`))?.slice(name.length + 1);
  return { rtol: Number(own('rtol') ?? general.rtol), atol: Number(own('atol') ?? general.atol) };
};

/** How a cell's new outputs differ from those in the notebook, in one line; undefined where they agree. */
export const outputsDiffer = (cell: CodeCell, outputs: readonly Output[], general: Tolerance): string | undefined => {
  const tolerance = toleranceOf(cell, general);
  if (tolerance === undefined) return undefined;
  const before = cell.outputs;
  if (before.length !== outputs.length) return `${before.length} outputs in the notebook, ${outputs.length} now`;
  return first(before.keys(), i => {
    const difference = outputDifference(before[i]!, outputs[i]!, tolerance);
    return difference && `output ${i + 1} differs from the notebook's: ${difference}`;
  });
};
