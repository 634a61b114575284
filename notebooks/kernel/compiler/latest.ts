/** What is known of the latest texts. */
export interface Latest<T> {
  get(text: string): T | undefined;
  set(text: string, known: T): void;
}

/** @param most how many are kept: those that were set last. */
export const createLatest = <T>(most = 256): Latest<T> => {
  const known = new Map<string, T>();
  return {
    get: text => known.get(text),
    set(text, value) {
      known.delete(text);
      known.set(text, value);
      const [oldest] = known.keys();
      if (known.size > most) known.delete(oldest!);
    },
  };
};
