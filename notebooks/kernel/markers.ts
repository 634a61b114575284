import { StringDecoder } from 'node:string_decoder';
import { marker } from './protocol.js';

/** Takes the markers out of an output pipe, and tells how far they have come. */
export interface MarkedStream {
  push(chunk: Buffer): void;
  /** Resolves when the marker of this number, or a later one, has been read, or the pipe has ended. */
  reached(count: number): Promise<void>;
  end(): void;
}

/** @param text receives everything else, in whole characters. */
export const markedStream = (nonce: string, text: (text: string) => void): MarkedStream => {
  const decoder = new StringDecoder('utf8');
  const [prefix] = marker(nonce, 0).split(':') as [string];
  const whole = new RegExp(`${prefix}:(\\d+)\0`, 'g');
  let held = '';
  let latest = 0;
  let waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const wake = () => {
    for (const { count, resolve } of waiting) if (count <= latest) resolve();
    waiting = waiting.filter(({ count }) => count > latest);
  };
  const emit = (piece: string) => {
    if (piece !== '') text(piece);
  };
  return {
    push(chunk) {
      const arrived = held + decoder.write(chunk);
      let from = 0;
      for (const found of arrived.matchAll(whole)) {
        const at = found.index ?? 0;
        emit(arrived.slice(from, at));
        from = at + found[0].length;
        latest = Math.max(latest, Number(found[1]));
      }
      // A marker may be cut in two by the pipe: keep back what could be its beginning.
      const rest = arrived.slice(from);
      const cut = rest.lastIndexOf('\0');
      const partial = cut >= 0 && couldBegin(rest.slice(cut), prefix);
      emit(partial ? rest.slice(0, cut) : rest);
      held = partial ? rest.slice(cut) : '';
      wake();
    },
    reached: count =>
      count <= latest ? Promise.resolve() : new Promise(resolve => waiting.push({ count, resolve })),
    end() {
      emit(held + decoder.end());
      held = '';
      latest = Number.POSITIVE_INFINITY;
      wake();
    },
  };
};

const couldBegin = (tail: string, prefix: string): boolean =>
  prefix.startsWith(tail) || (tail.startsWith(prefix) && /^:?\d*$/.test(tail.slice(prefix.length)));
