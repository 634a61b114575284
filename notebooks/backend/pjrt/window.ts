import type { Site } from './site.js';

/** Sizes along the axes that a window moves on. */
export interface Window {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** What is added before the first element and behind the last. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** The axes between the first and the last: [batch, …, channels]. */
export const inner = (list: readonly number[]): number[] => list.slice(1, -1);

const integersOf = (site: Site, name: string): number[] | undefined => {
  const value = site.attribute(name);
  return Array.isArray(value) ? (value as number[]) : undefined;
};

/**
 * The window of a convolution or pooling from its attributes.
 * @param input its input's inner axes
 * @param size the window's
 */
export const windowOf = (site: Site, input: readonly number[], size: readonly number[]): Window => {
  const format = site.attribute('data_format');
  if (typeof format === 'string' && format.startsWith('NC')) throw new Error(`its axes are in the order ${format}`);
  const strides = inner(integersOf(site, 'strides')!);
  const dilations = integersOf(site, 'dilations');
  const apart = dilations ? inner(dilations) : size.map(() => 1);
  const reach = size.map((k, i) => (k - 1) * apart[i]! + 1);
  const explicit = integersOf(site, 'explicit_paddings') ?? [];
  const padding = site.attribute('padding');
  if (padding === 'EXPLICIT') {
    const side = (which: number) => inner(explicit.filter((_, i) => i % 2 === which));
    return { size, strides, dilations: apart, low: side(0), high: side(1) };
  }
  const total = input.map((n, i) =>
    padding === 'SAME' ? Math.max((Math.ceil(n / strides[i]!) - 1) * strides[i]! + reach[i]! - n, 0) : 0,
  );
  const low = total.map(n => Math.floor(n / 2));
  return { size, strides, dilations: apart, low, high: total.map((n, i) => n - low[i]!) };
};

/**
 * The edges under which a window of stride 1 over a result, its elements `strides` apart, gives back the input: the
 * transposed window.
 */
export const transposed = (
  { size, strides, dilations, low }: Window,
  input: readonly number[],
  output: readonly number[],
): { low: number[]; high: number[] } => ({
  low: size.map((k, i) => (k - 1) * dilations[i]! - low[i]!),
  high: input.map((n, i) => n - (output[i]! - 1) * strides[i]! - 1 + low[i]!),
});

/** [[low, high], …] as an attribute. */
export const paddingOf = (low: readonly number[], high: readonly number[]): string =>
  `dense<[${low.map((n, i) => `[${n}, ${high[i]}]`).join(', ')}]> : tensor<${low.length}x2xi64>`;
