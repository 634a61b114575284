import { inspect, types } from 'node:util';
import { isTensor, type TensorLike, tensorLine } from './arrays.js';
import { plain } from './presenter.js';

/** The text of a value, in which tensors are a line each instead of their internals. */
export const parts = async (value: unknown): Promise<string> => {
  const found = [...tensorsIn(value)];
  if (found.length === 0) return plain(value);
  const lines = new Map<object, string>();
  for (const [index, tensor] of found.entries()) lines.set(tensor, await tensorLine(tensor, index < MOST_READ));
  return withLines(lines, () => plain(value));
};

/** Reading a tensor may bring it from a device. */
const MOST_READ = 20;
const MOST_SEEN = 1000;
const DEPTH = 4;

/** As deep as `plain` looks. No getter is called and no proxy asked. */
const tensorsIn = (value: unknown): Set<TensorLike> => {
  const found = new Set<TensorLike>();
  let seen = 0;
  const visit = (part: unknown, depth: number): void => {
    if (typeof part !== 'object' || part === null || types.isProxy(part) || depth > DEPTH || seen++ > MOST_SEEN) return;
    if (isTensor(part)) found.add(part);
    else for (const inner of inside(part)) visit(inner, depth + 1);
  };
  visit(value, 0);
  return found;
};

const inside = (value: object): unknown[] => {
  if (value instanceof Map) return [...value].flat();
  if (value instanceof Set) return [...value];
  if (ArrayBuffer.isView(value)) return [];
  const own = Object.values(Object.getOwnPropertyDescriptors(value));
  return own.slice(0, MOST_SEEN).map((property): unknown => property.value);
};

/** Node asks a value's class how it wants to be shown; the classes of these say so for as long as this takes. */
const withLines = (lines: ReadonlyMap<object, string>, show: () => string): string => {
  const classes = new Set([...lines.keys()].map((tensor): object => Object.getPrototypeOf(tensor)));
  const free = [...classes].filter(each => !Object.hasOwn(each, inspect.custom) && Object.isExtensible(each));
  for (const each of free) {
    Object.defineProperty(each, inspect.custom, {
      configurable: true,
      value(this: object, depth: number, options: object) {
        return lines.get(this) ?? inspect(this, { ...options, depth, customInspect: false });
      },
    });
  }
  try {
    return show();
  } finally {
    for (const each of free) Reflect.deleteProperty(each, inspect.custom);
  }
};
