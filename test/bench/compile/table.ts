/** The middle one, and half the distance between the quartiles. */
export interface Timing {
  readonly median: number;
  readonly spread: number;
  readonly runs: number;
}

const quantile = (sorted: readonly number[], q: number): number => {
  const at = q * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
};

export const timing = (seconds: readonly number[]): Timing => {
  const sorted = [...seconds].sort((a, b) => a - b);
  const spread = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2;
  return { median: quantile(sorted, 0.5), spread, runs: sorted.length };
};

const digits = (x: number): string => (x >= 100 ? x.toFixed(0) : x.toPrecision(3));

/** Milliseconds with their spread. */
export const milliseconds = (t: Timing | undefined): string =>
  t ? `${digits(1000 * t.median)} ± ${digits(1000 * t.spread)}` : '–';

export const ratio = (a: Timing | undefined, b: Timing | undefined): string =>
  a && b ? (a.median / b.median).toFixed(2) : '–';

export const markdown = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows].map(row => `| ${row.join(' | ')} |`).join('\n');
