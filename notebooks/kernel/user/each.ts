/** One value after another, of what `for await` takes; an interrupt ends the wait for the next one. */
export type Values<T> = AsyncIterable<T> | Iterable<T | PromiseLike<T>>;

/** @param wait as the cell awaits: see waits.ts. */
export async function* each<T>(values: Values<T>, wait: <V>(value: V) => V | Promise<Awaited<V>>): AsyncGenerator<T> {
  const iterator = Symbol.asyncIterator in values ? values[Symbol.asyncIterator]() : values[Symbol.iterator]();
  let open = true;
  try {
    for (;;) {
      // Until it has answered, nothing more is to be asked of it.
      open = false;
      const { done, value } = await wait(iterator.next());
      if (done) return;
      const given = (await wait(value)) as T;
      open = true;
      yield given;
    }
  } finally {
    if (open) await iterator.return?.();
  }
}
