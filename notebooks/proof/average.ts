/** The mean of these values; NaN for none. */
export const average = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;

/**
 * How far the average of independent values is from what is expected, in standard errors: more than 5 come by chance
 * less than once in a million times.
 */
export const standardErrors = (values: ArrayLike<number>, expected: number): number => {
  const mean = average(values);
  const spread = average(Array.from(values, v => (v - mean) ** 2));
  return Math.abs(mean - expected) / Math.sqrt(spread / values.length);
};

/** The largest absolute value; 0 for none, NaN where one is. */
export const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
