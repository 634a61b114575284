/**
 * What the runtime uses of the language, taken before a cell can put something else in its place: cells may do to
 * their globals as they like.
 */
export const { parse } = JSON;
export const { now } = Date;
export const NativePromise = Promise;

const { stringify: nativeStringify } = JSON;
const { then: nativeThen } = Promise.prototype;
const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor } = Reflect;
const everyones = [Object.prototype, Array.prototype];

/** `promise.then`, whatever has become of it. */
export const react = <T, R>(
  promise: Promise<T>,
  fulfilled: (value: T) => R,
  rejected?: (reason: unknown) => R,
): Promise<R> => apply(nativeThen, promise, [fulfilled, rejected]) as Promise<R>;

/**
 * Takes away the `toJSON` that everything inherits, if there is one; returns how to put it back, which may be called
 * more than once.
 */
export const withoutToJson = (): (() => void) => {
  const found = everyones.map(each => getOwnPropertyDescriptor(each, 'toJSON'));
  if (found.every(each => each === undefined)) return () => undefined;
  for (const each of everyones) deleteProperty(each, 'toJSON');
  return () => {
    for (const [index, each] of everyones.entries()) {
      const before = found[index];
      found[index] = undefined;
      if (before) defineProperty(each, 'toJSON', before);
    }
  };
};

/** As the values are, whatever they inherit. */
export const stringify = (value: unknown): string => {
  const restore = withoutToJson();
  try {
    return nativeStringify(value);
  } finally {
    restore();
  }
};
