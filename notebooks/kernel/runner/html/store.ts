import { gzipSync } from 'node:zlib';

/** What the page's script takes out of one packed list, by number: drawn formulas, and what figures are drawn from. */
export interface Store {
  /** The number of a text; the same one for the same text. */
  readonly put: (text: string) => number;
  readonly texts: () => readonly string[];
  /** All texts as JSON, gzip in base64: a script element may hold it whatever is in it. */
  readonly packed: () => string;
}

export const store = (): Store => {
  const numbers = new Map<string, number>();
  return {
    put: text => {
      const number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      return number;
    },
    texts: () => [...numbers.keys()],
    packed: () => gzipSync(JSON.stringify([...numbers.keys()]), { level: 9 }).toString('base64'),
  };
};
