import { inspect, types } from 'node:util';
import { stringify } from '../../link/primordials.js';

/** A value as far as somebody wants to see it: what it is, and what is inside. */
export interface Outline {
  /** Under which key it is found. */
  readonly key: string;
  readonly text: string;
  readonly inside: readonly Outline[];
  /** How many entries are left out. */
  readonly more: number;
}

export interface Outlined extends Outline {
  /** Whether there is more of it than anybody reads: then this is all that is told. */
  readonly huge: boolean;
}

/** Of a value at a depth, the first so many entries; in all, so many. */
const ENTRIES = [100, 50, 20, 10, 10, 10] as const;
const MOST = 2000;
const LONGEST = 1000;
/** An object of more fields is no record, but a dictionary. */
const FIELDS = 1000;

// Taken before cells can put something else in their places.
const { getOwnPropertyDescriptor: own, getPrototypeOf } = Object;
const pairsOf = Map.prototype.entries;
const membersOf = Set.prototype.values;
const nextPair = (getPrototypeOf(new Map().entries()) as MapIterator<[unknown, unknown]>).next;
const nextMember = (getPrototypeOf(new Set().values()) as SetIterator<unknown>).next;
const mapSize = own(Map.prototype, 'size')!.get!;
const setSize = own(Set.prototype, 'size')!.get!;
const calling = <T>(method: (...args: never[]) => unknown, self: unknown): T => Reflect.apply(method, self, []) as T;

/** Reads no property but by its descriptor: neither a getter nor a proxy's handler is called. @param lines of tensors */
export const outline = (value: unknown, lines: ReadonlyMap<object, string>): Outlined => {
  let left = MOST;
  let huge = false;
  const visit = (key: string, part: unknown, above: readonly object[]): Outline => {
    left--;
    const leaf = (text: string): Outline => ({ key, text, inside: [], more: 0 });
    const ofError = above.length > 0 && types.isNativeError(above.at(-1));
    if (ofError && key === 'stack' && typeof part === 'string') return leaf(part.slice(0, LONGEST));
    if (typeof part !== 'object' || part === null) return leaf(leafText(part));
    const known = lines.get(part) ?? closedText(part);
    if (known !== undefined) return leaf(known);
    if (above.includes(part)) return leaf('[Circular]');
    const { size, entries } = contents(part);
    const text = titleOf(part, size);
    huge ||= !Array.isArray(part) && !types.isMap(part) && !types.isSet(part) && size > FIELDS;
    const most = ENTRIES[above.length] ?? 0;
    const inside: Outline[] = [];
    for (const [name, inner] of entries) {
      if (left <= 0) huge = true;
      if (left <= 0 || inside.length >= most) break;
      inside.push(visit(name, inner, [...above, part]));
    }
    return { key, text, inside, more: size - inside.length };
  };
  return { ...visit('', value, []), huge };
};

export interface Contents {
  readonly size: number;
  readonly entries: Iterable<readonly [key: string, value: unknown]>;
}

/** These stand for the value of a getter, which is not asked, and for a place of an array where nothing is. */
const GETTER = {};
const EMPTY = {};

/** Of a container its entries, of another object its own properties, one after the other. */
export const contents = (value: object): Contents => {
  if (types.isMap(value)) return { size: calling(mapSize, value), entries: pairs(value) };
  if (types.isSet(value)) return { size: calling(setSize, value), entries: members(value) };
  if (Array.isArray(value)) return { size: value.length, entries: elements(value) };
  const hidden = types.isNativeError(value) ? ['stack', 'cause', 'errors'].filter(name => own(value, name)) : [];
  const names = Object.keys(value);
  const keys = hidden.length > 0 ? [...new Set([...hidden, ...names])] : names;
  const symbols = Object.getOwnPropertySymbols(value);
  return { size: keys.length + symbols.length, entries: properties(value, keys, symbols) };
};

function* properties(value: object, keys: readonly string[], symbols: readonly symbol[]): Generator<[string, unknown]> {
  for (const key of keys) yield [keyText(key), at(value, key)];
  for (const key of symbols) yield [keyText(key), at(value, key)];
}

function* elements(value: readonly unknown[]): Generator<[string, unknown]> {
  for (let index = 0; index < value.length; index++) yield [String(index), at(value, String(index))];
}

function* members(value: Set<unknown>): Generator<[string, unknown]> {
  const all = calling<SetIterator<unknown>>(membersOf, value);
  for (;;) {
    const { done, value: member } = calling<IteratorResult<unknown>>(nextMember, all);
    if (done) return;
    yield ['', member];
  }
}

function* pairs(value: Map<unknown, unknown>): Generator<[string, unknown]> {
  const all = calling<MapIterator<[unknown, unknown]>>(pairsOf, value);
  for (;;) {
    const { done, value: pair } = calling<IteratorResult<[unknown, unknown]>>(nextPair, all);
    if (done) return;
    const [key, inner] = [pair[0], pair[1]];
    yield isObject(key) ? ['', { key, value: inner }] : [leafText(key), inner];
  }
}

const at = (value: object, key: string | symbol): unknown => {
  const found = own(value, key);
  if (!found) return EMPTY;
  return found.get || found.set ? GETTER : found.value;
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const keyText = (key: string | symbol): string => {
  if (typeof key === 'symbol') return `[${String(key)}]`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? key : stringify(key);
};

const leafText = (value: unknown): string => {
  if (typeof value === 'string') {
    const rest = value.length - LONGEST;
    return stringify(value.slice(0, LONGEST)) + (rest > 0 ? ` … ${rest} more characters` : '');
  }
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  return typeof value === 'function' ? `[Function: ${nameOf(value) || 'anonymous'}]` : String(value);
};

const nameOf = (value: object): string => {
  const name: unknown = types.isProxy(value) ? undefined : own(value, 'name')?.value;
  return typeof name === 'string' ? name : '';
};

/** What nobody can look into, or has a text of its own that says more. */
const closedText = (value: object): string | undefined => {
  if (value === GETTER) return '[Getter]';
  if (value === EMPTY) return '<empty>';
  if (types.isProxy(value)) return '[Proxy]';
  if (types.isTypedArray(value) || types.isDate(value) || types.isRegExp(value) || types.isPromise(value))
    return inspect(value, { depth: 0, maxArrayLength: 6, breakLength: Number.POSITIVE_INFINITY, customInspect: false });
  return describes(value) ? textOf(value) : undefined;
};

/** Whether its class says how it wants to be shown. */
export const describes = (value: object): boolean => {
  for (let each: object | null = value; each && !types.isProxy(each); each = getPrototypeOf(each)) {
    if (typeof own(each, inspect.custom)?.value === 'function') return true;
  }
  return false;
};

const textOf = (value: object): string => {
  try {
    return inspect(value, { depth: 0 });
  } catch {
    return classOf(value);
  }
};

const classOf = (value: object): string => {
  for (let each = getPrototypeOf(value) as object | null; each && !types.isProxy(each); each = getPrototypeOf(each)) {
    const found: unknown = own(each, 'constructor')?.value;
    if (typeof found === 'function') return nameOf(found) || 'Object';
  }
  return '[Object: null prototype]';
};

const titleOf = (value: object, size: number): string => {
  const name = classOf(value);
  if (types.isNativeError(value))
    return [name, at(value, 'message')].filter(part => typeof part === 'string').join(': ');
  if (Array.isArray(value) || types.isMap(value) || types.isSet(value)) return `${name}(${size})`;
  return name === 'Object' && size === 0 ? '{}' : name;
};

/** As text, a line for each entry. */
export const outlineText = ({ key, text, inside, more }: Outline, indent = ''): string => {
  const label = `${indent}${key === '' ? '' : `${key}: `}${text}`;
  const entries = inside.map(each => outlineText(each, `${indent}  `));
  const rest = more > 0 ? [`${indent}  … ${more} more`] : [];
  return [label, ...entries, ...rest].join('\n');
};
