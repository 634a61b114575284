/** How many values a multistep sampler may look back on. */
export const DEPTH = 4;

/** What a multistep sampler kept in earlier steps of a run, newest first. */
export interface Past<V> {
  /** The times of what is kept, newest first. */
  times(): number[];
  /** What is kept, newest first. */
  values(): V[];
  /** Keeps a value of time t; only the newest few stay. */
  push(t: number, value: V): void;
  /** Releases everything. */
  clear(): void;
}

/**
 * An empty past.
 * @param release is handed each value that is kept no longer
 * @param depth how many values stay
 */
export const createPast = <V>(release: (value: V) => void = () => undefined, depth = DEPTH): Past<V> => {
  let kept: { t: number; value: V }[] = [];
  const keepNewest = (count: number): void => {
    for (const { value } of kept.splice(count)) release(value);
  };
  return {
    times: () => kept.map(k => k.t),
    values: () => kept.map(k => k.value),
    push: (t, value) => {
      kept = [{ t, value }, ...kept];
      keepNewest(depth);
    },
    clear: () => keepNewest(0),
  };
};
