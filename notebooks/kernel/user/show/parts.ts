import { inspect, types } from 'node:util';
import { NativePromise, react } from '../../link/primordials.js';
import { isTensor, type TensorLike, tensorLine } from './arrays.js';
import { folded } from './folded.js';
import { contents, describes, outline, outlineText } from './outline.js';
import { type Data, type Later, plain } from './presenter.js';

/** The text of a value, in which tensors are a line each instead of their internals; one of many lines can be folded. */
export const parts = (value: unknown): Later<Data> => {
  const found = [...tensorsIn(value)];
  const lines = found.map((tensor, index) => tensorLine(tensor, index < MOST_READ));
  const shown = (known: readonly string[]) =>
    withParts(value, new Map(found.map((tensor, at) => [tensor, known[at]!])));
  return lines.some(types.isPromise) ? react(NativePromise.all(lines), shown) : shown(lines as string[]);
};

const withParts = (value: unknown, lines: ReadonlyMap<object, string>): Data => {
  const folds = typeof value === 'object' && value !== null && !types.isProxy(value) && !describes(value);
  const whole = folds ? outline(value, lines) : undefined;
  const text = whole?.huge ? outlineText(whole) : textOf(value, lines);
  const html = whole && text.includes('\n') ? folded(whole) : undefined;
  return { 'text/plain': text, ...(html === undefined ? {} : { 'text/html': html }) };
};

/** Node asks prototypes, which may be proxies. */
const textOf = (value: unknown, lines: ReadonlyMap<object, string>): string => {
  try {
    return withLines(lines, () => plain(value));
  } catch {
    return outline(value, lines).text;
  }
};

/** Reading a tensor may bring it from a device. */
const MOST_READ = 20;
const MOST_SEEN = 3000;
const MOST_INSIDE = 200;
const DEPTH = 4;

/** As deep as `plain` looks. No getter is called and no proxy asked. */
const tensorsIn = (value: unknown): Set<TensorLike> => {
  const found = new Set<TensorLike>();
  let seen = 0;
  const visit = (part: unknown, depth: number): void => {
    if (seen++ > MOST_SEEN || typeof part !== 'object' || part === null || types.isProxy(part) || depth > DEPTH) return;
    if (mayBeTensor(part) && isTensor(part)) found.add(part);
    else for (const inner of inside(part)) visit(inner, depth + 1);
  };
  visit(value, 0);
  return found;
};

/** Before a property is read that a getter may have. */
const mayBeTensor = (part: object): boolean =>
  Array.isArray(Object.getOwnPropertyDescriptor(part, 'shape')?.value) &&
  Object.getOwnPropertyDescriptor(part, 'dtype')?.value !== undefined;

const inside = (value: object): unknown[] => {
  if (ArrayBuffer.isView(value)) return [];
  const found: unknown[] = [];
  for (const [, part] of contents(value).entries) {
    if (found.push(part) >= MOST_INSIDE) break;
  }
  return found;
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
