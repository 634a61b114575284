/** What a multistep sampler kept in earlier steps of a run, newest first. */
export interface Past<V> {
  /** The times of what is kept, newest first. */
  times(): number[];
  /** What is kept, newest first. */
  values(): V[];
  /** Keeps a value of time t; of all, the newest `depth` stay. */
  push(t: number, value: V, depth: number): void;
  /** Releases everything. */
  clear(): void;
}

/**
 * An empty past.
 * @param release is handed each value that is kept no longer
 */
export const createPast = <V>(release: (value: V) => void = () => undefined): Past<V> => {
  let kept: { t: number; value: V }[] = [];
  const keepNewest = (count: number): void => {
    for (const { value } of kept.splice(count)) release(value);
  };
  return {
    times: () => kept.map(k => k.t),
    values: () => kept.map(k => k.value),
    push: (t, value, depth) => {
      kept = [{ t, value }, ...kept];
      keepNewest(depth);
    },
    clear: () => keepNewest(0),
  };
};
