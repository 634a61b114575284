/** Significant digits that keep `resolution` steps across the values' spread. */
const digitsFor = (values: ArrayLike<unknown>, digits: number): number => {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (typeof v !== 'number' || !Number.isFinite(v)) continue;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  const spread = high - low;
  if (!(spread > 0)) return Math.max(digits, 7);
  const lost = Math.round(Math.log10(Math.max(Math.abs(low), Math.abs(high)) / spread));
  return Math.min(17, digits + Math.max(0, lost));
};

const isTyped = (value: unknown): value is ArrayLike<unknown> & ArrayBufferView =>
  ArrayBuffer.isView(value) && 'length' in value;

/** JSON has no NaN or infinity: Plotly reads null as a gap, which is what a figure should show there. */
const round = (value: unknown, digits: number): unknown => {
  if (typeof value !== 'number') return compact(value, digits);
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : null;
};

/**
 * A copy of a JSON-like value with typed arrays as plain arrays and numbers in arrays rounded to `digits`
 * significant digits, or as many as their spread needs. It keeps a committed notebook small without a visible change.
 */
export const compact = (value: unknown, digits: number): unknown => {
  if (Array.isArray(value) || isTyped(value)) {
    const kept = digitsFor(value, digits);
    return Array.from(value as ArrayLike<unknown>, v => round(v, kept));
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, v]) => (v === undefined ? [] : [[key, compact(v, digits)]])),
  );
};
