/** From this many numbers on, base64 is smaller than digits, each of which a notebook writes on a line of its own. */
const WORTHWHILE = 8;

/** Plotly's own form of a numeric array. */
interface Packed {
  readonly dtype: 'f4' | 'f8';
  readonly bdata: string;
  /** Rows and columns of a matrix. */
  readonly shape?: string;
}

type Cell = number | null;
const isCell = (v: unknown): v is Cell => v === null || typeof v === 'number';
const isRow = (v: unknown): v is Cell[] => Array.isArray(v) && v.every(isCell);

/** float32 keeps seven digits; values that need more are told apart by their rounding. */
const fitsSingle = (values: readonly Cell[]): boolean =>
  values.every(v => v === null || Math.abs(Math.fround(v) - v) <= 1e-7 * Math.abs(v)) &&
  new Set(values.map(v => v && Math.fround(v))).size === new Set(values).size;

const encode = (values: readonly Cell[]): Packed => {
  const numbers = values.map(v => v ?? Number.NaN); // a gap, as null is
  const single = fitsSingle(values);
  const array = single ? Float32Array.from(numbers) : Float64Array.from(numbers);
  return { dtype: single ? 'f4' : 'f8', bdata: Buffer.from(array.buffer).toString('base64') };
};

const packValue = (value: unknown): unknown => {
  if (!Array.isArray(value)) return value;
  if (value.length >= WORTHWHILE && isRow(value)) return encode(value);
  const [first] = value as unknown[];
  if (!isRow(first) || first.length * value.length < WORTHWHILE) return value;
  if (!value.every(row => isRow(row) && row.length === first.length)) return value;
  return { ...encode(value.flat() as Cell[]), shape: `${value.length}, ${first.length}` };
};

/** A trace with its long coordinates x, y and z in Plotly's base64 form. */
export const packTrace = <T extends object>(trace: T): T =>
  Object.fromEntries(
    Object.entries(trace).map(([key, value]) =>
      ['x', 'y', 'z'].includes(key) ? [key, packValue(value)] : [key, value],
    ),
  ) as T;
